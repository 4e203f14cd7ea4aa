# SPDX-License-Identifier: Apache-2.0
"""What a report says beside its findings: nothing of it breaks a promise."""

from collections.abc import Iterator

from coreline.boundary.spdx.notes import license_notes
from coreline.boundary.subject import Subject


def notes(subject: Subject) -> Iterator[str]:
    """Yield a sentence for each thing worth knowing."""
    parsed = subject.parsed
    if not parsed.manifest.wraps:
        yield "The manifest names no wrap, so there is nothing that the core could refer to."
    claims = subject.line.claims
    used = set[int]().union(*subject.line.outcomes)
    idle = set(range(len(claims))) - used
    there = {claims[number].wrap for number in used if claims[number].side == "wrap"}
    absent = set[str]()
    for number in sorted(idle):
        claim = claims[number]
        if claim.feature is not None and claim.side == "core":
            # The check of features says this as a finding.
            continue
        if claim.side == "wrap" and claim.wrap not in there:
            absent.add(claim.wrap or "")
            continue
        place = parsed.position(claim.key)
        yield (
            f'{parsed.source}:{place.line}: "{claim.pattern}" matches no file'
            f" of {subject_name(claim.side, claim.wrap)}."
        )
    for wrap in sorted(absent):
        # The public repository has this manifest too, and a pattern may be misspelled.
        yield f"No file of the wrap {wrap} is here. {_of_absent(subject, wrap)}"
    yield from license_notes(subject)


def _of_absent(subject: Subject, wrap: str) -> str:
    """Return what is known of a wrap without its files: what the manifest names, and no more."""
    table = subject.manifest.wraps.get(wrap)
    if table is not None and (table.modules or table.packages):
        return "In the repository of the core, that is right."
    return (
        "In the repository of the core, that is right; but nothing there says what it is called, "
        f"so whether the core refers to it is not known. List names in wraps.{wrap}.modules."
    )


def subject_name(side: str, wrap: str | None) -> str:
    """Return a side's name for a sentence."""
    return f"the wrap {wrap}" if side == "wrap" and wrap else f"the {side}"
