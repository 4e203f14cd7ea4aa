# SPDX-License-Identifier: Apache-2.0
"""Every way to smuggle something of the wrap out, as the ``ways_*.py`` beside this file list them.

Each says what becomes of it: *removed* (publish goes on without it), *refused* with a code (nothing
leaves), or *harmless* (with the reason). docs/explanation/leak-trials.md is the same list;
``CORELINE_WRITE_LEAK_TRIALS=1`` writes it anew.
"""

import os
import runpy
from pathlib import Path
from typing import Any

import pytest

from coreline.errors import CorelineError

_HERE = Path(__file__).parent
_PAGE = _HERE.parents[3] / "docs" / "explanation" / "leak-trials.md"
_GROUPS = {
    module["GROUP"]: module["WAYS"]
    for module in map(runpy.run_path, map(str, sorted(_HERE.glob("ways_*.py"))))
}
_WAYS = [way for ways in _GROUPS.values() for way in ways]


_INTRODUCTION = """\
{count} ways to carry something of a wrap into the public repository, and what becomes of each. Each
is a test (`toolkit/tests/publish/leaks/`), and this page is made from the same list. Unless a way
says otherwise, `enterprise/**` and `**/*.ee` are the wrap's and everything else is core (`**`): the
line that leaks most easily. *Removed* means that publish goes on without it, *refused* that nothing
leaves, and with which code, *harmless* that it says nothing of the wrap."""


@pytest.mark.parametrize(
    ("number", "outcome", "make"),
    [
        pytest.param(number, outcome, make, id=way)
        for number, (way, outcome, _, make) in enumerate(_WAYS)
    ],
)
def test_nothing_of_the_wrap_gets_out(attempt: Any, number: int, outcome: str, make: Any) -> None:
    make(attempt)
    if number % 2 and not attempt.is_new and not attempt.to.exists():
        # Into what is there already it is a push; what is not is written as one pack.
        attempt.prepare()
    if outcome.startswith("refused: "):
        before = _objects(attempt)
        with pytest.raises(CorelineError) as refused:
            attempt.publish()
        assert refused.value.code == outcome.removeprefix("refused: ")
        assert refused.value.exit_code != 70
        assert _objects(attempt) == before
        return
    attempt.publish()
    public = attempt.public
    if attempt.files is not None:
        assert set(public.files("main")) == attempt.files
    assert_without_secret(public, attempt.on)
    attempt.after(public)
    assert attempt.verify().kept


def _objects(attempt: Any) -> str:
    if not (attempt.to / "objects").exists():
        return ""
    public = attempt.public
    refs = str(public.git("for-each-ref"))
    # Where public objects wait they may come to lie; they must not be named.
    waits = attempt.to.parts[-3:-1] == ("coreline", "publish")
    listing = ("cat-file", "--batch-all-objects", "--batch-check")
    return refs if waits else refs + str(public.git(*listing))


def assert_without_secret(public: Any, on: Any) -> None:
    """No object that the public repository has says it, and none names what holds it."""
    rows = public.git("cat-file", "--batch-all-objects", "--batch-check").splitlines()
    names = [row.split()[0] for row in rows]
    assert names
    assert not {on.secret, on.wrap} & set(names)
    shown = public.git("cat-file", "--batch", stdin="\n".join(names).encode())
    for form in ("for customers alone", on.secret, on.wrap):
        assert form not in shown
    for raw in (on.secret, on.wrap):
        assert bytes.fromhex(raw) not in shown.encode("utf-8", "surrogateescape")


def test_there_are_fifty_ways_and_none_twice() -> None:
    names = [way for way, *_ in _WAYS]
    assert len(names) >= 50
    assert len(set(names)) == len(names)


def test_the_page_lists_them_all() -> None:
    text = _page()
    if os.environ.get("CORELINE_WRITE_LEAK_TRIALS"):
        _PAGE.write_text(text, encoding="utf-8")
    assert _PAGE.read_text(encoding="utf-8") == text


def _page() -> str:
    rows = ["# Leak trials", "", _INTRODUCTION.format(count=len(_WAYS))]
    for group, ways in _GROUPS.items():
        rows += ["", f"## {group}", "", "| way | becomes | because |", "|---|---|---|"]
        for way, outcome, why, _ in ways:
            kind, _, code = outcome.partition(": ")
            shown = f"{kind}: `{code}`" if code else kind
            rows.append(f"| {way} | {shown} | {why} |")
    return "\n".join(rows) + "\n"
