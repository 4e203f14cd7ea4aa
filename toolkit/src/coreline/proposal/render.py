# SPDX-License-Identifier: Apache-2.0
"""The proposal as ``coreline.toml``, with the reason for each claim in a comment beside it."""

import textwrap
from collections.abc import Iterable, Iterator

from coreline.proposal.evident import Suggestion
from coreline.proposal.model import DOUBTS_MAX, Claimed, Evidence, told
from coreline.proposal.patterns import literal
from coreline.proposal.proposal import Proposal, ProposedWrap
from coreline.proposal.vocabulary import slug

WIDTH = 100
NOT_STATED = "Not stated in the README or in package metadata: say it here in one sentence"


def render(proposal: Proposal) -> str:
    """Return the text of the manifest."""
    lines = [*_head(proposal), *_product(proposal), *_core(proposal)]
    for wrap in proposal.wraps:
        lines += _wrap(wrap)
    lines += _features(proposal)
    return "\n".join(lines) + "\n"


def _head(proposal: Proposal) -> Iterator[str]:
    yield from _comment(
        "The line between the core and its wrap, proposed by `coreline init` from what the "
        "repository shows; the comments say where. Correct it: from now on this file is the "
        "truth. A file that no pattern claims is a finding, so a new folder is never published "
        "by being forgotten."
    )
    for note in proposal.notes:
        yield "#"
        yield from _comment(f"Note: {note}")
    for doubt in proposal.doubts[:DOUBTS_MAX]:
        side = f"the wrap {doubt.wrap}" if doubt.assumed else "the core"
        yield "#"
        yield from _comment(
            f"Doubtful: {doubt.path} is taken as {side}. Seen: " + "; ".join(told(doubt.reasons))
        )
    if len(proposal.doubts) > DOUBTS_MAX:
        yield f"# … and {len(proposal.doubts) - DOUBTS_MAX:,} more doubtful places."
    yield ""


def _product(proposal: Proposal) -> Iterator[str]:
    yield "[product]"
    yield f"name = {quote(proposal.product.name)}  # {_seen(proposal.product.evidence)}"
    if proposal.primary is None:
        yield f"primary = {quote(NOT_STATED)}"
    else:
        yield f"# {_seen(proposal.primary.evidence)}"
        yield f"primary = {quote(proposal.primary.name)}"
    if proposal.vendor:
        yield from _comment("A guess: the domains that most commits come from.")
        yield from (f"# {_seen(said.evidence)}: {said.name}" for said in proposal.vendor)
        yield f"vendor = {_array([said.name for said in proposal.vendor])}"
    else:
        yield from _comment("No e-mail domain of a vendor was found, so vendor is left out.")
    yield ""


def _core(proposal: Proposal) -> Iterator[str]:
    yield "[core]"
    if proposal.promise_reason:
        yield from _comment(proposal.promise_reason)
    yield f"promise = {quote(proposal.promise)}"
    yield from (f"# {_seen(evidence)}" for evidence in proposal.license.evidence)
    yield f"spdx = {quote(proposal.license.spdx)}"
    yield from _paths(proposal.claims)
    if proposal.packages:
        yield from _named("packages", proposal.packages.items())
    if proposal.doors:
        yield from (f"# {_seen(door.evidence)}" for door in proposal.doors)
        yield f"doors = {_array([door.name for door in proposal.doors])}"
    if proposal.tests:
        yield from _comment("Evident from the build files, and not run.")
        yield from (f"# {_seen(said.evidence)}" for said in proposal.tests)
        yield f"test = {_array([said.name for said in proposal.tests])}"
    if proposal.gates:
        yield from _comment("License checks of the core's own: whatever asks them is a finding.")
        yield from _named("gates", proposal.gates)
    yield ""


def _wrap(wrap: ProposedWrap) -> Iterator[str]:
    yield f"[wraps.{wrap.name}]"
    yield f"spdx = {quote(wrap.spdx.name)}  # {_seen(wrap.spdx.evidence)}"
    yield from _paths(wrap.claims)
    if wrap.modules:
        yield from _comment("Names that the core must not know.")
        yield from _named("modules", wrap.modules.items())
    if wrap.packages:
        yield from _named("packages", wrap.packages.items())
    yield from _beyond(wrap)
    yield ""


def _beyond(wrap: ProposedWrap) -> Iterator[str]:
    if wrap.lookups:
        yield from _comment(
            "Helpers of the core that are handed the name of one of its modules and find this "
            "wrap's mirror of it."
        )
        yield "lookups = ["
        for one in wrap.lookups:
            pairs = (("call", one.call), ("core", one.core), ("wrap", one.into))
            table = ", ".join(f"{key} = {quote(value)}" for key, value in pairs)
            yield f"    {{ {table} }},  # {_seen(one.evidence)}"
        yield "]"
    if wrap.names:
        yield from _comment(
            "Only this wrap defines these, and the core names them. * stands for any letters."
        )
        yield from _named("names", wrap.names)


def _features(proposal: Proposal) -> Iterator[str]:
    name = slug(proposal.product.name)
    yield from _comment(
        "The primary use is always core, and something must say so: it is the one feature known "
        "before anybody has listed them. Split it into those that users would name."
    )
    yield f"[features.{name}]"
    yield 'side = "core"'
    yield "primary = true"
    if proposal.primary is not None:
        yield f"title = {quote(proposal.primary.name)}"
    if proposal.features:
        yield ""
        yield from _comment(
            "Parts of the wrap that look like features, by the names of their folders alone. They "
            "stay comments: what is sold as a feature is the vendor's decision, not a folder's "
            "name."
        )
        for feature in proposal.features:
            yield from _feature(feature, len(proposal.wraps), name)


def _feature(feature: Suggestion, wraps: int, taken: str) -> Iterator[str]:
    name = feature.name if feature.name != taken else f"{feature.wrap}-{feature.name}"
    yield "#"
    yield f"# [features.{name}]"
    yield '# side = "wrap"'
    if wraps > 1:
        yield f"# wrap = {quote(feature.wrap)}"
    yield f"# paths = {_array([literal(feature.folder) + '/**'])}"


def _paths(claims: Iterable[Claimed]) -> Iterator[str]:
    """Yield the list of paths: patterns with their reasons, then plain files side by side."""
    yield "paths = ["
    plain: list[str] = []
    for claim in claims:
        if "**" not in claim.pattern and not claim.reasons and "/" not in claim.pattern:
            plain.append(claim.pattern)
            continue
        for reason in told(claim.reasons):
            yield from _comment(reason, indent="    ")
        count = "1 file" if claim.files == 1 else f"{claim.files:,} files"
        yield f"    {quote(claim.pattern)},  # {count}"
    if plain:
        yield "    # Files at the root, by name: one that is new is a finding."
        yield from _wrapped(plain)
    yield "]"


def _wrapped(patterns: list[str]) -> Iterator[str]:
    line = "   "
    for pattern in patterns:
        item = f" {quote(pattern)},"
        if len(line) + len(item) > WIDTH and line.strip():
            yield line
            line = "   "
        line += item
    yield line


def _named(key: str, named: Iterable[tuple[str, Evidence]]) -> Iterator[str]:
    yield f"{key} = ["
    for name, evidence in named:
        yield f"    {quote(name)},  # {_seen(evidence)}"
    yield "]"


def _seen(evidence: Evidence) -> str:
    where = f"{evidence.where}: " if evidence.path else ""
    return _one_line(f"{where}{evidence.says}")


def _array(values: list[str]) -> str:
    return "[" + ", ".join(quote(value) for value in values) + "]"


def _comment(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(
        _one_line(text),
        WIDTH,
        initial_indent=f"{indent}# ",
        subsequent_indent=f"{indent}# ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _one_line(text: str) -> str:
    """Return a text as a comment can hold it: no control character, no undecodable byte."""
    return "".join(
        char if char.isprintable() else ascii(char)[1:-1] if not char.isspace() else " "
        for char in text
    )


def quote(text: str) -> str:
    """Return a basic string of TOML 1.0."""
    escaped = "".join(
        f"\\{char}"
        if char in '"\\'
        else char
        if char.isprintable()
        else f"\\u{ord(char):04X}"
        if ord(char) <= 0xFFFF
        else f"\\U{ord(char):08X}"
        for char in text
    )
    return f'"{escaped}"'
