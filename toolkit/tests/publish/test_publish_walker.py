# SPDX-License-Identifier: Apache-2.0
"""The independent walker finds nothing wrong in what is published, and what is wrong it finds."""

import runpy
from pathlib import Path
from typing import Any

# Test modules are not a package (import-mode importlib), and the walker is a script as well.
_WALKER = runpy.run_path(str(Path(__file__).with_name("walker.py")))
differing = _WALKER["differing"]
pairs_of = _WALKER["pairs_of"]

_LINE = (["**"], ["enterprise/**", "src/ee/**"])


def _published(lab: Any, folder: Path) -> tuple[Any, Any, dict[str, str]]:
    files = lab.files
    base = files(a="1", enterprise__s="1", src__b="1", src__ee__k="1")
    history = [
        (files(enterprise__s="0"), []),
        (base, [0]),
        (base | files(a="2"), [1]),
        (base | files(enterprise__s="2", src__b="3"), [1]),
        (base | files(a="2", enterprise__s="2", src__b="3"), [2, 3]),
    ]
    line = lab.line(_LINE[0], wrap=_LINE[1])
    private = lab.repository(folder / "private.git", history)
    lab.publish(private, folder / "public.git", line)
    (ledger,) = (private.folder / "coreline" / "publish").glob("ledger-*")
    return private, line, pairs_of(ledger)


def test_nothing_differs_in_what_is_published(lab: Any, tmp_path: Path) -> None:
    private, line, pairs = _published(lab, tmp_path)
    assert sorted(pairs) == sorted(private.ids)
    assert pairs[private.ids[0]] == ""
    assert differing(private.folder, line.side, pairs) == []


def test_a_commit_with_another_tree_is_found(lab: Any, tmp_path: Path) -> None:
    private, line, pairs = _published(lab, tmp_path)
    wrong = pairs | {private.ids[2]: pairs[private.ids[3]]}
    found = differing(private.folder, line.side, wrong)
    assert f"{private.ids[2]} a" in found
    assert f"{private.ids[2]} src/b" in found


def test_a_private_commit_that_passes_for_a_public_one_is_found(lab: Any, tmp_path: Path) -> None:
    private, line, pairs = _published(lab, tmp_path)
    found = differing(private.folder, line.side, pairs | {private.ids[4]: private.ids[4]})
    assert "public enterprise/s" in found


def test_a_core_that_is_lost_is_found(lab: Any, tmp_path: Path) -> None:
    private, line, pairs = _published(lab, tmp_path)
    found = differing(private.folder, line.side, pairs | {private.ids[1]: ""})
    assert found == [f"{private.ids[1]} a", f"{private.ids[1]} src/b"]
