# SPDX-License-Identifier: Apache-2.0
"""Stray wrap in the core: copies of its files, and folders named like its own."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from coreline.boundary.check import check
from coreline.boundary.model import Finding, Report
from coreline.manifest.parse import parse_manifest
from coreline.sources.cache import open_cache
from coreline.sources.tree import open_tree

Checked = Callable[..., Report]
CODE = "".join(f"seats_{n} = count(fleet, {n * n})\n" for n in range(40))


def stray(report: Report) -> list[Finding]:
    return [one for one in report.findings if one.check == "stray"]


def test_a_copy_names_the_file_that_it_copies(checked: Checked) -> None:
    report = checked({"src/mine.py": "# Ours\n" + CODE, "enterprise/src/fleet.py": CODE})
    (finding,) = stray(report)
    assert (finding.path, finding.names) == ("src/mine.py", ("enterprise/src/fleet.py",))
    assert "100% of its lines (40)" in finding.message
    assert finding.grade is None
    assert not report.kept


def test_a_declared_overlay_is_no_stray_copy(checked: Checked, manifest: str) -> None:
    overlaid = manifest.replace(
        "[wraps.enterprise]",
        '[wraps.enterprise]\noverlays = [{ wrap = "enterprise/over", core = "src/app" }]',
    )
    files = {"src/app/a.py": CODE, "enterprise/over/a.py": CODE}
    assert len(stray(checked(files, manifest))) == 1
    assert stray(checked(files, overlaid)) == []


@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("lib/enterprise/a.py", 1),
        ("lib/enterprises/a.py", 0),
        ("lib/enterprise/README.md", 0),
        ("lib/premium/a.py", 0),
    ],
)
def test_a_folder_with_the_name_of_a_wrap_s_is_told_once(
    checked: Checked, path: str, number: int
) -> None:
    files = {path: "", path.replace("/a.py", "/deep/b.py"): "", "enterprise/c.py": ""}
    assert len(stray(checked(files))) == number


def test_a_pattern_that_names_the_folder_has_decided(checked: Checked, manifest: str) -> None:
    files = {"lib/enterprise/a.py": "", "enterprise/c.py": ""}
    decided = manifest.replace('["**"]', '["**", "lib/enterprise/**"]')
    assert len(stray(checked(files, manifest))) == 1
    assert stray(checked(files, decided)) == []


def test_a_common_word_is_no_name_of_a_wrap(checked: Checked, manifest: str) -> None:
    cloud = manifest.replace('"enterprise/**"', '"cloud/**"')
    assert stray(checked({"internal/cloud/a.go": "", "cloud/b.go": ""}, cloud)) == []


def test_the_cache_answers_and_forgets_what_changed(tmp_path: Path, manifest: str) -> None:
    for name, text in {
        "coreline.toml": manifest,
        "src/a.py": CODE,
        "enterprise/b.py": CODE,
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    who = ["-c", "user.name=T", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "x"]):
        subprocess.run(["git", "-C", str(tmp_path), *who, *arguments], check=True)

    def number(at: str | None = "HEAD") -> int:
        tree, cache = open_tree(tmp_path, at=at), open_cache(tmp_path)
        return len(stray(check(tree, parse_manifest(manifest), cache=cache)))

    assert [number(), number(), number(None)] == [1, 1, 1]
    (tmp_path / "src/a.py").write_text(CODE.replace("count", "other"))
    assert [number(), number(None), number(None)] == [1, 0, 0]
