# SPDX-License-Identifier: Apache-2.0
"""Claims, features, decisions, notes: what the manifest says against the files that are there."""

from collections.abc import Callable

from coreline.boundary.check import check
from coreline.boundary.model import Report
from coreline.manifest.model import Core, Feature, Manifest, Product, Wrap
from coreline.manifest.parse import ParsedManifest
from coreline.sources.tree import MemoryTree

Checked = Callable[..., Report]


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_each_unclaimed_file_is_a_finding(checked: Checked, manifest: str) -> None:
    text = manifest.replace('"**"', '"src/**"')
    report = checked({"src/a.py": "", "tools/a.sh": "", "tools/b.sh": "", "c": ""}, text)
    assert [(f.path, f.kind) for f in report.findings] == [
        ("c", "unclaimed"),
        ("tools/a.sh", "unclaimed"),
        ("tools/b.sh", "unclaimed"),
    ]
    assert '"tools/**"' in report.findings[1].hint
    assert not report.kept


def test_a_tie_names_both_lines_of_the_manifest(checked: Checked, manifest: str) -> None:
    text = manifest.replace('"**"', '"*/shared/**"')
    report = checked({"enterprise/shared/a.py": ""}, text)
    (finding,) = report.findings
    assert (finding.check, finding.kind) == ("claims", "tie")
    first, second = line_of(text, '"*/shared/**"'), line_of(text, '"enterprise/**"')
    assert f"coreline.toml:{first}" in finding.message
    assert f"coreline.toml:{second}" in finding.message


def test_a_pattern_that_matches_nothing_is_a_note(checked: Checked, manifest: str) -> None:
    text = manifest.replace('"**"', '"**", "gone/**"')
    report = checked({"a.py": "", "enterprise/b.py": ""}, text)
    assert report.kept
    assert report.notes == (
        f'coreline.toml:{line_of(text, "gone")}: "gone/**" matches no file of the core.',
    )


def test_a_wrap_that_is_not_here_at_all_is_one_note(checked: Checked, manifest: str) -> None:
    text = manifest.replace('["enterprise/**"]', '["enterprise/**", "pro/**"]')
    report = checked({"a.py": ""}, text)
    assert report.kept
    assert report.notes == (
        "No file of the wrap enterprise is here. In the repository of the core, that is right.",
    )


def test_a_wrap_that_is_neither_here_nor_named_cannot_be_known(
    checked: Checked, manifest: str
) -> None:
    bare = "".join(
        line
        for line in manifest.splitlines(keepends=True)
        if not line.startswith(("modules", "packages"))
    )
    (note,) = checked({"a.py": "import enterprise.fleet\n"}, bare).notes
    assert "is not known" in note
    assert "wraps.enterprise.modules" in note


FEATURES = """
[features.notes]
side = "core"
primary = true
paths = ["src/notes/**"]
[features.fleet]
side = "wrap"
paths = ["enterprise/fleet/**"]
decision = "docs/fleet.md"
"""


def test_features_and_decisions_that_are_there(checked: Checked, manifest: str) -> None:
    files = {"src/notes/a.py": "", "enterprise/fleet/b.py": "", "docs/fleet.md": ""}
    assert checked(files, manifest + FEATURES).findings == ()


def test_a_core_feature_that_is_nowhere(checked: Checked, manifest: str) -> None:
    text = manifest + FEATURES
    report = checked({"docs/fleet.md": "", "enterprise/fleet/b.py": ""}, text)
    (finding,) = report.findings
    assert (finding.check, finding.kind, finding.names) == ("features", "feature", ("notes",))
    assert (finding.path, finding.line) == ("coreline.toml", line_of(text, 'paths = ["src/notes'))
    assert not report.kept


def test_a_decision_that_is_not_there(checked: Checked, manifest: str) -> None:
    text = manifest + FEATURES
    report = checked({"src/notes/a.py": "", "enterprise/fleet/b.py": ""}, text)
    (finding,) = report.findings
    assert (finding.kind, finding.names) == ("decision", ("docs/fleet.md",))
    assert finding.line == line_of(text, "decision =")


def test_a_primary_feature_of_which_the_wrap_has_a_part(checked: Checked, manifest: str) -> None:
    text = manifest.replace('["enterprise/**"]', '["enterprise/**", "src/notes/pro/**"]')
    files = {"src/notes/a.py": "", "src/notes/pro/b.py": "", "docs/fleet.md": ""}
    report = checked({**files, "enterprise/fleet/c.py": ""}, text + FEATURES)
    (finding,) = report.findings
    assert (finding.check, finding.kind, finding.grade) == ("features", "feature", "tight")
    assert report.grade == "tight"


def test_a_critical_feature_on_the_side_of_the_wrap() -> None:
    """The parser refuses it; a manifest that was built otherwise is checked all the same."""
    manifest = Manifest(
        product=Product(name="acme", primary="Keep notes"),
        core=Core(spdx="MIT", paths=["**"]),
        wraps={"ee": Wrap(spdx="LicenseRef-A", paths=["ee/**"])},
        features={"login": Feature(side="wrap", critical=True)},
    )
    report = check(MemoryTree({"a": "", "ee/b": ""}), ParsedManifest(manifest, "", "coreline.toml"))
    assert [(f.check, f.grade) for f in report.findings] == [("features", "tight")]
