# SPDX-License-Identifier: Apache-2.0
"""``coreline check --since``: what left the core, when, by whom, and what accounts for it."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from coreline.cli.main import run

MANIFEST = """
[product]
name = "acme"
primary = "Keep notes"

[core]
promise = "loose"
spdx = "Apache-2.0"
paths = ["**"]
doors = ["entry-point:acme.plugins"]

[wraps.ee]
spdx = "LicenseRef-Acme"
paths = ["ee/**"]

[features.notes]
side = "core"
primary = true
paths = ["src/notes.py"]

[features.export]
side = "core"
critical = true
paths = ["src/export.py"]
"""
NOTES = "".join(f"def note_{n}(text):\n    return text * {n}\n" for n in range(20))
EXPORT = NOTES.replace("note", "export")
OPEN = Path(__file__).parents[3] / "LICENSE"
BUSL = """Business Source License 1.1

Parameters
Licensor: Acme
Additional Use Grant: None
Change Date: 2030-01-01
Change License: Apache License, Version 2.0

The Licensor hereby grants you the right to copy, modify, create derivative
works, redistribute, and make non-production use of the Licensed Work.
"""


class Repository:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git("init", "-q", "-b", "main")
        self.write(
            {
                "coreline.toml": MANIFEST,
                "src/notes.py": NOTES,
                "src/export.py": EXPORT,
                "src/doors.py": 'GROUP = "acme.plugins"\n',
                "LICENSE": OPEN.read_text(),
                "ee/fleet.py": "import acme\n",
            }
        )
        self.commit("first", "A")
        self.git("tag", "v1")

    def git(self, *arguments: str) -> str:
        who = ["-c", "user.name=T", "-c", "user.email=t@x.example", "-c", "commit.gpgsign=false"]
        done = subprocess.run(
            ["git", "-C", str(self.folder), *who, *arguments], check=True, capture_output=True
        )
        return done.stdout.decode().strip()

    def write(self, files: dict[str, str | None]) -> None:
        for name, text in files.items():
            file = self.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                file.unlink()
            else:
                file.write_text(text)

    def commit(self, message: str, author: str) -> str:
        self.git("add", "-A")
        self.git("commit", "-qm", message, f"--author={author} <{author}@x.example>")
        return self.git("rev-parse", "HEAD")

    def edit(self, old: str, new: str) -> None:
        file = self.folder / "coreline.toml"
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new, 1))


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


class Said:
    def __init__(self, code: int, data: dict[str, list[dict[str, str]]]) -> None:
        self.code = code
        self.messages = [one["message"] for one in data["findings"]]
        self.findings = data["findings"]
        self.notes = " ".join(map(str, data["notes"]))


Since = Callable[..., Said]


@pytest.fixture
def since(repository: Repository, capsys: pytest.CaptureFixture[str]) -> Since:
    def ask(*arguments: str) -> Said:
        command = ["-C", str(repository.folder), *arguments]
        code = run([*command, "check", "--since", "v1", "--format", "json"])
        return Said(code, json.loads(capsys.readouterr().out))

    return ask


def test_nothing_left_where_the_core_only_grew(repository: Repository, since: Since) -> None:
    repository.write({"src/more.py": NOTES, "ee/more.py": "import os\n", "src/notes.py": EXPORT})
    repository.commit("more", "B")
    said = since()
    assert (said.code, said.messages) == (0, [])


def test_the_summary_does_not_claim_a_grade_that_was_not_looked_for(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.write({"src/bad.py": "import ee.fleet\n"})
    repository.commit("bad", "B")
    assert run(["-C", str(repository.folder), "check", "--since", "v1"]) == 0
    assert "kept: since v1 " in capsys.readouterr().out


def test_a_feature_that_changed_sides_is_told_with_its_commit(
    repository: Repository, since: Since
) -> None:
    repository.edit('[features.export]\nside = "core"\ncritical = true\npaths = ["src/export.py"]',
                    '[features.export]\nside = "wrap"\npaths = ["src/export.py"]')  # fmt: skip
    commit = repository.commit("sell the export", "B")
    repository.edit("Keep notes", "Keep all notes")
    repository.commit("words", "C")
    said = since()
    assert said.code == 1
    feature, path = said.messages
    assert "feature export left the core" in feature
    assert "src/export.py was given to the wrap where it lies" in path
    for message in said.messages:
        assert f"By B <B@x.example> in {commit[:10]}" in message
    assert {one["kind"] for one in said.findings} == {"left"}


@pytest.mark.parametrize(
    ("old", "new", "said_of_it"),
    [
        ("critical = true\n", "", "no longer called critical"),
        ('promise = "loose"', 'promise = "standalone"', "promise was lowered"),
        ('doors = ["entry-point:acme.plugins"]', "", "no longer promised"),
        ('spdx = "Apache-2.0"', 'spdx = "BUSL-1.1"', "license of the core got narrower"),
        ('[features.export]\nside = "core"\ncritical = true\npaths = ["src/export.py"]', "",
         "no longer in the manifest"),
    ],
)  # fmt: skip
def test_what_the_manifest_takes_back_is_told(
    repository: Repository, since: Since, old: str, new: str, said_of_it: str
) -> None:
    repository.edit(old, new)
    commit = repository.commit("take back", "B")
    said = since()
    assert said.code == 1
    (message,) = said.messages
    assert said_of_it in message
    assert commit[:10] in message


def test_what_gives_more_is_not_told(repository: Repository, since: Since) -> None:
    repository.edit('spdx = "Apache-2.0"', 'spdx = "MIT"')
    repository.edit("critical = true\n", "critical = true\nprimary = true\n")
    repository.edit("acme.plugins", 'acme.plugins", "api:v1')
    repository.commit("give", "B")
    assert since().messages == []


def test_files_that_moved_to_the_wrap_are_told_moved_edited_and_copied(
    repository: Repository, since: Since
) -> None:
    repository.write({"src/notes.py": None, "ee/notes.py": NOTES})
    moved = repository.commit("move", "B")
    repository.write({"src/export.py": None, "ee/export.py": EXPORT.replace("text * 3", "text")})
    edited = repository.commit("move and edit", "C")
    repository.write({"ee/LICENSE": OPEN.read_text()})
    repository.commit("copy", "D")
    repository.write({"ee/notes.py": "import os\n" + NOTES})
    repository.commit("edit later", "E")
    said = " ".join(since().messages)
    assert "ee/export.py" in said
    assert f"C <C@x.example> in {edited[:10]}" in said
    assert f"B <B@x.example> in {moved[:10]}" in said
    assert "LICENSE was copied to the wrap" in said
    assert "E <E@x.example>" not in said


def test_short_files_and_what_the_wrap_had_before_are_nobodys_loss(
    repository: Repository, since: Since
) -> None:
    repository.write({"src/__init__.py": "", "ee/shared.py": NOTES})
    repository.commit("both have it", "B")
    repository.git("tag", "-f", "v1")
    repository.write({"ee/__init__.py": "", "ee/again.py": NOTES})
    repository.commit("again", "C")
    assert since().messages == []


def test_a_license_text_and_headers_that_got_narrower_are_told_once_each(
    repository: Repository, since: Since
) -> None:
    tag = "# SPDX-License-" + "Identifier: {}\n"
    files = {f"src/h{n}.py": tag.format("MPL-2.0") + NOTES for n in range(3)}
    repository.write(dict(files))
    repository.commit("headers", "A")
    repository.git("tag", "-f", "v1")
    repository.write({name: tag.format("BUSL-1.1") + NOTES for name in files})
    headers = repository.commit("new headers", "B")
    repository.write({"LICENSE": BUSL})
    text = repository.commit("new license", "C")
    repository.write({"LICENSE": BUSL.replace("2030", "2031")})
    repository.commit("another date", "D")
    said = since()
    assert len(said.messages) == 2
    by_path = {one["path"]: one["message"] for one in said.findings}
    assert (
        "header of 3 files got narrower: MPL-2.0 (weak copyleft) became BUSL-1.1"
        in (by_path["src/h0.py"])
    )
    assert headers[:10] in by_path["src/h0.py"]
    assert "license text got narrower" in by_path["LICENSE"]
    assert text[:10] in by_path["LICENSE"]


def test_a_license_text_that_nobody_knows_in_place_of_an_open_one_is_told(
    repository: Repository, since: Since
) -> None:
    repository.write({"LICENSE": "You may look at this on Tuesdays.\n"})
    commit = repository.commit("tuesdays", "B")
    (message,) = since().messages
    assert "gave Apache-2.0, and is now a text that is not known" in message
    assert commit[:10] in message


def test_a_door_and_a_feature_whose_code_is_gone_are_told(
    repository: Repository, since: Since
) -> None:
    repository.write({"src/doors.py": "GROUP = None\n", "src/export.py": None})
    repository.commit("clear up", "B")
    door, feature = sorted(since().messages)
    assert "door entry-point:acme.plugins is gone from the code" in door
    assert "feature export is gone" in feature


def test_a_decision_record_accounts_for_what_it_names(repository: Repository, since: Since) -> None:
    repository.write({"src/notes.py": None, "ee/notes.py": NOTES, "src/doors.py": "GROUP = 1\n"})
    repository.edit('paths = ["src/notes.py"]', 'paths = ["src/**"]')
    repository.commit("move", "B")
    assert since().code == 1
    record = "We move src/notes.py to the wrap, and close entry-point:acme.plugins.\n"
    repository.write({"docs/decisions/0007-notes.md": record})
    repository.commit("decide", "C")
    said = since()
    assert (said.code, said.messages) == (0, [])
    assert said.notes.count("Accounted for by docs/decisions/0007-notes.md") == 2


def test_a_record_that_was_there_before_accounts_only_for_the_feature_that_links_it(
    repository: Repository, since: Since
) -> None:
    old = "On export and src/notes.py.\n"
    repository.write({"docs/decisions/0001.md": old, "docs/records/export.md": "why\n"})
    repository.commit("records", "A")
    repository.git("tag", "-f", "v1")
    repository.write({"src/notes.py": None, "ee/notes.py": NOTES})
    repository.edit('paths = ["src/notes.py"]', 'paths = ["src/**"]')
    repository.edit("critical = true\n", 'decision = "docs/records/export.md"\n')
    repository.commit("both", "B")
    (left,) = since().messages
    assert "src/notes.py was moved to the wrap" in left


def test_a_vendor_is_watched_from_outside_with_ones_own_manifest(
    repository: Repository, since: Since, tmp_path_factory: pytest.TempPathFactory
) -> None:
    repository.write({"coreline.toml": None, "LICENSE": BUSL})
    repository.commit("close", "B")
    own = tmp_path_factory.mktemp("own") / "watch.toml"
    own.write_text(
        '[product]\nname = "acme"\nprimary = "Keep notes"\n[core]\nspdx = "Apache-2.0"\n'
        'paths = ["**"]\n'
    )
    said = since("--manifest", str(own))
    assert said.code == 1
    assert any("license text got narrower" in message for message in said.messages)


def test_it_takes_commits_of_one_history(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    base = ["-C", str(repository.folder), "check", "--since"]
    repository.git("checkout", "-q", "--orphan", "apart")
    repository.commit("apart", "B")
    assert run([*base, "v1"]) == 2
    assert "since-unrelated" in capsys.readouterr().err
    assert run([*base, "nowhere"]) == 2
    assert "revision-unknown" in capsys.readouterr().err
    assert run([*base, "HEAD", "--staged"]) == 2
    assert "since-takes-commits" in capsys.readouterr().err
    assert run([*base, "HEAD", "--standalone"]) == 2
