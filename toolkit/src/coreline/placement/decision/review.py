# SPDX-License-Identifier: Apache-2.0
"""Which decisions to look at again: their day is past, or what they rest on has moved."""

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from coreline.manifest.model import Manifest
from coreline.placement.decision.record import Fact, facts

_FRONT = re.compile(r"---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_PAIR = re.compile(r"( *)([A-Za-z0-9_.-]+):[ \t]*(.*?)[ \t]*\r?")


class Reviewed(NamedTuple):
    """One decision: ``reasons`` to reopen it; ``unread`` says why it cannot be judged."""

    feature: str
    path: str
    review: date | None
    reasons: tuple[str, ...]
    unread: str | None = None


def review(manifest: Manifest, records: Mapping[str, str], today: date) -> list[Reviewed]:
    """Return every decision that the manifest links, and why it should be reopened.

    Args:
        manifest: the line as it is now.
        records: the text of each linked record, by its path.
        today: the day of the review.
    """
    return [
        _reviewed(manifest, name, feature.decision, records[feature.decision], today)
        for name, feature in manifest.features.items()
        if feature.decision is not None and feature.decision in records
    ]


def _reviewed(manifest: Manifest, name: str, path: str, text: str, today: date) -> Reviewed:
    head, known = _front_matter(text)
    if not known or "decided" not in head:
        said = "It is no record of `coreline place`, so nothing says what it rests on."
        return Reviewed(name, path, None, (), said)
    if head.get("feature") != name:
        return Reviewed(name, path, None, (), f"It is about {head.get('feature')}, not {name}.")
    try:
        day = date.fromisoformat(head.get("review", ""))
    except ValueError:
        reasons = ["Its review date is gone, or is no date."]
        return Reviewed(name, path, None, (*reasons, *_moved(manifest, name, head, known)))
    past = [f"Its review date, {day.isoformat()}, is past."] if day < today else []
    return Reviewed(name, path, day, (*past, *_moved(manifest, name, head, known)))


def _moved(
    manifest: Manifest, name: str, head: Mapping[str, str], known: Mapping[str, Fact]
) -> list[str]:
    now = facts(manifest, name)
    moved: list[str] = []
    for key in [*now, *(key for key in known if key not in now)]:
        before, after = known.get(key), now.get(key)
        # A decision that is carried out since is none that moved.
        if before == after or (key == "side" and after == head["decided"]):
            continue
        moved.append(_sentence(key, before, after))
    return moved


def _sentence(key: str, before: Fact, after: Fact) -> str:
    if key in ("primary", "critical") and after is True:
        return f"It is {key} now, so it belongs in the core whatever was decided."
    if key == "concern" and after not in (None, "policy"):
        return f"Its concern is {after} now, which no study may place: it belongs in the core."
    return f"{key} was {_said(before)}, and is {_said(after)}."


def _said(value: Fact) -> str:
    if value is None:
        return "not said"
    return str(value).lower() if isinstance(value, bool) else value


def _front_matter(text: str) -> tuple[dict[str, str], dict[str, Fact]]:
    """Return the pairs of a record's front matter, and its facts."""
    found = _FRONT.match(text)
    head: dict[str, str] = {}
    known: dict[str, Fact] = {}
    for line in found[1].split("\n") if found else ():
        pair = _PAIR.fullmatch(line)
        if pair is None:
            continue
        if pair[1]:
            known[pair[2]] = _value(pair[3])
        else:
            head[pair[2]] = pair[3].strip("\"'")
    return head, known


def _value(text: str) -> Fact:
    """Return a value as it was written, or as a formatter of YAML left it."""
    try:
        value = json.loads(text)
    except ValueError:
        return text.strip("\"'") or None
    return value if isinstance(value, str | bool) or value is None else text
