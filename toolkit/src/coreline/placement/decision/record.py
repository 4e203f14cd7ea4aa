# SPDX-License-Identifier: Apache-2.0
"""A decision record in the form of MADR (adr.github.io/madr), the same bytes for the same day.

Its front matter carries what the manifest said on that day, so that a review can say what moved.
Each value there is JSON, which YAML 1.2 reads as it is.
"""

import json
import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from coreline.manifest.model import Feature, Manifest, Price, Side
from coreline.placement.decision.rule import Rule

Fact = str | bool | None


class Decision(NamedTuple):
    """What was decided of one feature, when and why.

    Attributes:
        rule: what the rule of thumb says of it.
        side: what was decided.
        day: when.
        because: the reason of whoever decided, where they gave one.
        replaces: the record that this one stands instead of.
    """

    rule: Rule
    side: Side
    day: date
    because: str | None = None
    replaces: str | None = None


def facts(manifest: Manifest, name: str) -> dict[str, Fact]:
    """Return what a decision about a feature rests on, as the manifest says it now."""
    feature = manifest.features[name]
    found: dict[str, Fact] = {
        "side": feature.side,
        "primary": feature.primary,
        "critical": feature.critical,
        "concern": feature.concern,
        "buyer": feature.buyer,
        "contributors": feature.contributors,
        "segment": feature.segment,
    }
    for key, edition in manifest.editions.items():
        if name in edition.features:
            found[f"editions.{key}.price"] = _price(edition.price)
    files = sorted(f"{one.kind} {one.path}" for one in manifest.placement.evidence)
    found["evidence"] = ", ".join(files) or None
    return found


def review_day(day: date, months: int) -> date:
    """Return the day some months later; the month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def render(manifest: Manifest, decision: Decision) -> str:
    """Return the record, which ends in a line end."""
    name = decision.rule.feature
    feature = manifest.features[name]
    title = feature.title or name
    months = manifest.placement.review_months
    review = review_day(decision.day, months)
    blocks = [
        _front_matter(facts(manifest, name), decision, review),
        f"# {_line(title)}: {_outcome(manifest, decision)}",
        "## Context and problem statement",
        _context(manifest, name, feature),
        "## Decision drivers",
        _bullets([*decision.rule.reasons, *_because(decision), *_missing(decision.rule)]),
        "## Considered options",
        _bullets(_options(manifest, name)),
        "## Decision outcome",
        f"Chosen: **{_outcome(manifest, decision)}**. {_why(decision)}",
        "### Consequences",
        _bullets(_consequences(manifest, feature, decision)),
        "## Evidence",
        decision.rule.caution + _evidence(manifest),
        "## Review",
        f"On {review.isoformat()}, after {months} months, or as soon as one of these moves:",
        _bullets(_triggers(manifest, name)),
        "`coreline place --review` says when.",
    ]
    if decision.replaces is not None:
        blocks += ["## Replaces", f"`{_line(decision.replaces)}`"]
    return "\n\n".join(blocks) + "\n"


def file_name(name: str, existing: Iterable[str]) -> str:
    """Return the name of a new record, numbered behind those that a folder has."""
    numbers = [int(found[0]) for one in existing if (found := re.match(r"[0-9]{1,9}(?=-)", one))]
    return f"{max(numbers, default=0) + 1:04}-{name}.md"


def _front_matter(known: dict[str, Fact], decision: Decision, review: date) -> str:
    lines = [
        "---",
        "status: accepted",
        f"date: {decision.day.isoformat()}",
        f"review: {review.isoformat()}",
        f"feature: {decision.rule.feature}",
        f"decided: {decision.side}",
        "facts:",
        *(f"  {key}: {json.dumps(value)}" for key, value in known.items()),
        "---",
    ]
    return "\n".join(lines)


def _context(manifest: Manifest, name: str, feature: Feature) -> str:
    product = manifest.product
    return (
        f"{_line(product.name)} is an open core: {_line(product.primary)}. Its line has to say on "
        f"which side `{name}` belongs; the manifest has it in the {feature.side}."
    )


def _outcome(manifest: Manifest, decision: Decision) -> str:
    if decision.side == "core":
        return "core"
    selling = _selling(manifest, decision.rule.feature)
    if not selling or (len(selling) == len(manifest.editions) > 1):
        return "wrap"
    return f"edition {', '.join(selling)}"


def _options(manifest: Manifest, name: str) -> list[str]:
    editions = ", ".join(manifest.editions) or "none yet"
    return [
        f"core: `{name}` is free for everybody, and adds to what the core is worth",
        f"wrap: `{name}` is had by all who pay, whatever they pay for",
        f"edition: `{name}` is had by those who pay for a certain edition ({editions})",
    ]


def _why(decision: Decision) -> str:
    if decision.because:
        return _line(decision.because)
    if decision.rule.side == decision.side:
        return "The drivers above point there."
    return "What is core stays core unless somebody decides otherwise, with a reason."


def _consequences(manifest: Manifest, feature: Feature, decision: Decision) -> list[str]:
    name = decision.rule.feature
    if decision.side == "core":
        lost = [f"The vendor has nothing to sell in `{name}`, and keeps it up for everybody."]
        lost += [
            f"Edition {key} loses a reason to be bought ({_price(manifest.editions[key].price)})."
            for key in _selling(manifest, name)
        ]
        return [*lost, "Users of the core lose nothing."]
    lost = [f"Who does not pay does without `{name}`{_people(manifest, feature)}."]
    if feature.side == "core":
        lost.append("Who uses it today loses it, or the version that has it: tell them before.")
    if feature.contributors is not False:
        lost.append("Contributors lose a part that they might have built.")
    return [*lost, "The core is worth less to those who wanted it there, so fewer adopt it."]


def _people(manifest: Manifest, feature: Feature) -> str:
    segment = manifest.segments.get(feature.segment or "")
    if segment is None:
        return ""
    many = f", {segment.population:,} in all" if segment.population is not None else ""
    return f"; it is wanted by {_line(segment.title or feature.segment or '')}{many}"


def _triggers(manifest: Manifest, name: str) -> list[str]:
    prices = [f"the price of edition {key}" for key in _selling(manifest, name)]
    return [
        f"`{name}` becomes primary or critical, or its concern is named",
        "its side, buyer or segment, or whether contributors would build it",
        *(prices or ["an edition sells it"]),
        "the files of evidence that the manifest lists",
    ]


def _evidence(manifest: Manifest) -> str:
    files = [f"`{_line(one.path)}` ({one.kind})" for one in manifest.placement.evidence]
    return f" Not used here, and at hand: {', '.join(files)}." if files else ""


def _because(decision: Decision) -> list[str]:
    if decision.rule.side in (None, decision.side):
        return []
    return [f"Against the rule of thumb, which says {decision.rule.side}."]


def _missing(rule: Rule) -> list[str]:
    return [f"Not said in the manifest: `{key}`." for key in rule.missing]


def _selling(manifest: Manifest, name: str) -> list[str]:
    return [key for key, edition in manifest.editions.items() if name in edition.features]


def _price(price: Price | None) -> str:
    return f"{price.currency} {price.amount} per {price.per}" if price else "on request"


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"* {line}" for line in lines)


def _line(text: str) -> str:
    """Return a text as one line, which can neither end a block nor begin one."""
    return " ".join(text.split())
