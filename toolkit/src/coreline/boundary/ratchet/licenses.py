# SPDX-License-Identifier: Apache-2.0
"""Licenses that got narrower in the files: texts, headers, the metadata of packages."""

from collections import defaultdict
from collections.abc import Iterator

from coreline.boundary.ratchet.model import Left, Licensed, State
from coreline.boundary.ratchet.narrowing import narrower

_WORDS = "What was given stays given; a new license needs a decision record that names it."


def left_by_licenses(before: State, after: State, became: dict[str, str]) -> Iterator[Left]:
    """Yield the licenses of the core that give less than they gave.

    Args:
        before: the earlier state.
        after: the later state.
        became: for each file of the earlier state that was moved, where it is now.
    """
    groups: dict[tuple[str, str, str], list[Licensed]] = defaultdict(list)
    for path, old in before.licenses.items():
        new = after.licenses.get(became.get(path, path))
        if old.expression is None or not before.is_core(path):
            continue
        if new is None:
            if old.what == "license text" and became.get(path, path) not in after.blobs:
                yield _gone(old)
            continue
        if new.expression is None and new.what == "license text":
            yield _unknown(old, new)
        elif new.expression is not None and narrower(old.expression, new.expression):
            groups[old.what, old.expression, new.expression].append(new)
    for (what, was, now), places in groups.items():
        yield _narrowed(what, was, now, places)


def _narrowed(what: str, was: str, now: str, places: list[Licensed]) -> Left:
    steps = narrower(was, now) or ()
    named = [f" ({step.name})" for step in steps]
    new = places[0]
    if what == "license text":
        said = f"The license text got narrower: {was}{named[0]} became {now}{named[1]}."
    else:
        number = f"{len(places):,} files" if len(places) > 1 else "a file"
        said = f"The {what} of {number} got narrower: {was}{named[0]} became {now}{named[1]}."
    return Left(
        message=said,
        hint=_WORDS,
        path=new.path,
        line=new.line,
        names=(was, now),
        text=new.text,
        about=(now,),
        # One stands for all: they were changed together, or the first one is meant.
        touched=(new.path,),
        shown_by="license",
    )


def _unknown(old: Licensed, new: Licensed) -> Left:
    return Left(
        message=f"The license text gave {old.expression}, and is now a text that is not known.",
        hint="Read it; a decision record that names the file accounts for it.",
        path=new.path,
        names=(old.expression or "",),
        about=(new.path,),
        touched=(new.path,),
        shown_by="unknown",
    )


def _gone(old: Licensed) -> Left:
    return Left(
        message=f"The license text is gone: {old.path} gave {old.expression}.",
        hint="Without a license nobody may use anything: put it back.",
        path=old.path,
        names=(old.expression or "",),
        about=(old.path,),
        touched=(old.path,),
        shown_by="removed",
    )
