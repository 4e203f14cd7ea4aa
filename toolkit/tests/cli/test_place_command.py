# SPDX-License-Identifier: Apache-2.0
"""``coreline place`` by its arguments, output, files and exit codes."""

import json
from datetime import date
from pathlib import Path

import pytest

from coreline.cli.main import run
from coreline.manifest.parse import parse_manifest
from coreline.placement.decision.record import Decision, file_name, render, review_day
from coreline.placement.decision.review import review
from coreline.placement.decision.rule import rule_of_thumb

MANIFEST = """\
# The line.
[product]
name = "acme"
primary = "Keep notes"
[core]
spdx = "MIT"
paths = ["**"]
[wraps.ee]
spdx = "LicenseRef-Acme"
[features.notes]
side = "core"
primary = true
[features.fleet] # the big one
side = "wrap"
candidate = true
buyer = "executive"
contributors = false
segment = "large"
[features.themes]
side = "core"
candidate = true
buyer = "manager"
[features.unknown]
side = "wrap"
candidate = true
[features.sso]
side = "wrap"
[editions.team]
features = ["fleet"]
price = { amount = 49, currency = "USD", per = "seat-year" }
[segments.large]
title = "Large companies"
population = 12000
"""
DAY = date(2026, 1, 31)
RECORD = "docs/decisions/0001-fleet.md"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "coreline.toml").write_text(MANIFEST)
    return tmp_path


def place(folder: Path, *arguments: str) -> int:
    """Run ``coreline place``."""
    return run(["-C", str(folder), "place", *arguments])


def record(text: str = MANIFEST) -> str:
    """Return the record of fleet on a certain day."""
    manifest = parse_manifest(text, source="coreline.toml").manifest
    return render(manifest, Decision(rule_of_thumb(manifest, "fleet"), "wrap", DAY))


def reasons(text: str, day: date = DAY) -> tuple[str, ...]:
    """Return why the record of fleet is to be reopened under another manifest."""
    linked = text.replace("# the big one\n", f'# the big one\ndecision = "{RECORD}"\n')
    manifest = parse_manifest(linked, source="coreline.toml").manifest
    (found,) = review(manifest, {RECORD: record()}, day)
    return found.reasons


def test_a_record_is_written_once_and_linked_and_every_comment_stays(folder: Path) -> None:
    assert place(folder, "fleet", "--write") == 0
    changed = (folder / "coreline.toml").read_text()
    assert changed.replace(f'decision = "{RECORD}"\n', "") == MANIFEST
    assert (folder / RECORD).read_text().startswith("---\nstatus: accepted\n")
    assert place(folder, "--review") == 0
    assert place(folder, "fleet", "--write") == 4
    assert place(folder, "fleet", "--write", "--reopen") == 0
    assert f"## Replaces\n\n`{RECORD}`" in (folder / "docs/decisions/0002-fleet.md").read_text()


def test_without_write_nothing_is_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert place(folder, "fleet") == 0
    assert "rule of thumb, not evidence" in capsys.readouterr().out
    assert [one.name for one in folder.iterdir()] == ["coreline.toml"]


def test_a_record_says_who_loses_what_and_is_the_same_for_the_same_day() -> None:
    said = record()
    assert said == record()
    assert "wanted by Large companies, 12,000 in all" in said
    assert "Chosen: **edition team**" in said
    assert "review: 2027-01-31" in said


def test_the_table_says_what_is_still_to_decide(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert place(folder, "--format", "json") == 0
    rows = json.loads(capsys.readouterr().out)["candidates"]
    assert [(row["feature"], row["rule"]) for row in rows] == [
        ("fleet", "wrap"),
        ("themes", "wrap"),
        ("unknown", None),
    ]
    assert rows[0]["todo"] == "no decision: coreline place fleet --write"
    assert "add buyer" in rows[2]["todo"]


def test_a_rule_of_thumb_takes_nothing_out_of_the_core(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert place(folder, "themes", "--format", "json") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["side"], said["decided"], said["written"]) == ("wrap", "core", None)
    assert place(folder, "themes", "--side", "wrap", "--write") == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("notes",), "place-primary"),
        (("sso",), "place-sign-in"),
        (("unknown", "--write"), "place-undecided"),
        (("fleet", "--side", "core"), "place-reason-missing"),
        (("--write",), "place-no-feature"),
        (("fleet", "--review"), "place-review-all"),
    ],
)
def test_what_is_refused(
    folder: Path, arguments: tuple[str, ...], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert place(folder, *arguments) == 2
    assert code in capsys.readouterr().err
    assert (folder / "coreline.toml").read_text() == MANIFEST


def test_a_review_ends_with_one_where_a_price_moved(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place(folder, "fleet", "--write")
    manifest = folder / "coreline.toml"
    manifest.write_text(manifest.read_text().replace("amount = 49", "amount = 59"))
    capsys.readouterr()
    assert place(folder, "--review") == 1
    assert "USD 49 per seat-year, and is USD 59 per seat-year" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ('"executive"', '"individual"', "buyer was executive, and is individual."),
        ("contributors = false", "contributors = true", "contributors was false, and is true."),
        ('[editions.team]\nfeatures = ["fleet"]', "[editions.team]\nfeatures = []",
         "editions.team.price was USD 49 per seat-year, and is not said."),
    ],
)  # fmt: skip
def test_what_moved_is_named(before: str, after: str, reason: str) -> None:
    assert reasons(MANIFEST.replace(before, after)) == (reason,)


def test_what_became_critical_belongs_in_the_core() -> None:
    moved = MANIFEST.replace(
        '# the big one\nside = "wrap"', '# the big one\nside = "core"\ncritical = true'
    )
    moved = moved.replace('features = ["fleet"]', "features = []")
    assert "It is critical now, so it belongs in the core whatever was decided." in reasons(moved)


def test_a_review_day_counts_from_the_day_after_it() -> None:
    assert reasons(MANIFEST, date(2027, 1, 31)) == ()
    assert reasons(MANIFEST, date(2027, 2, 1)) == ("Its review date, 2027-01-31, is past.",)


def test_a_record_of_another_hand_is_not_judged() -> None:
    text = MANIFEST.replace("# the big one\n", f'\ndecision = "{RECORD}"\n')
    manifest = parse_manifest(text, source="coreline.toml").manifest
    (found,) = review(manifest, {RECORD: "# Fleet is sold\n"}, DAY)
    assert found.reasons == ()
    assert found.unread is not None


def test_days_and_numbers() -> None:
    assert review_day(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert review_day(date(2026, 12, 1), 12) == date(2027, 12, 1)
    assert file_name("fleet", ["README.md", "0009-x.md", "0010-y.md"]) == "0011-fleet.md"


def test_a_feature_that_is_only_sold_gets_its_table(folder: Path) -> None:
    manifest = folder / "coreline.toml"
    manifest.write_text(MANIFEST.replace('["fleet"]', '["fleet", "audit"]'))
    assert place(folder, "audit", "--side", "wrap", "--because", "They ask", "--write") == 0
    table = '[features.audit]\nside = "wrap"\ndecision = "docs/decisions/0001-audit.md"\n'
    assert table in manifest.read_text()


def test_a_folder_outside_the_repository_is_refused_and_nothing_is_written(folder: Path) -> None:
    inside = folder / "inside"
    inside.mkdir()
    (inside / "coreline.toml").write_text(MANIFEST + '[placement]\ndecisions = "../outside"\n')
    assert place(inside, "fleet", "--write") == 2
    assert not (folder / "outside").exists()
