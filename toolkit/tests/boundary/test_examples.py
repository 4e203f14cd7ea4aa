# SPDX-License-Identifier: Apache-2.0
"""The example product is kept, and each of its broken states has exactly the finding it names."""

import json
from pathlib import Path

import pytest

from coreline.boundary.check import check
from coreline.manifest.parse import parse_manifest
from coreline.sources.git import Git
from coreline.sources.tree import MemoryTree

EXAMPLES = Path(__file__).parents[3] / "examples" / "converge"
BROKEN = sorted(EXAMPLES.glob("broken-*"))


def tracked(folder: Path) -> dict[str, bytes]:
    listed = Git(folder).run("ls-files", "-z", "--cached", "--others", "--exclude-standard", ".")
    names = [name.decode() for name in listed.split(b"\0") if name]
    return {name: (folder / name).read_bytes() for name in names}


# The example vendor's wrap is proprietary (in the example): where the core stands alone, neither
# it nor the broken states are there.
IS_WHOLE = (EXAMPLES / "kept" / "enterprise").is_dir()


@pytest.mark.skipif(not IS_WHOLE, reason="the example's wrap is not in this copy of the core")
def test_the_kept_state_is_kept() -> None:
    files = tracked(EXAMPLES / "kept")
    report = check(MemoryTree(files), parse_manifest(files["coreline.toml"].decode()))
    assert report.findings == ()
    assert (report.kept, report.grade) == (True, "loose")


@pytest.mark.parametrize("folder", BROKEN, ids=lambda folder: folder.name)
def test_a_broken_state_has_the_finding_that_it_names(folder: Path) -> None:
    files = {**tracked(EXAMPLES / "kept"), **tracked(folder)}
    expected = json.loads(files.pop("expected.json"))["findings"]
    report = check(MemoryTree(files), parse_manifest(files["coreline.toml"].decode()))
    found = [{"check": f.check, "path": f.path, "kind": f.kind} for f in report.findings]
    assert found == expected
    assert not report.kept
