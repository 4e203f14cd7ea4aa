# SPDX-License-Identifier: Apache-2.0
"""Rules on single texts of a manifest: each function looks at one kind of text."""

import re
from collections.abc import Callable, Iterator

from coreline.manifest import spdx, spelling
from coreline.manifest.model import Manifest
from coreline.manifest.problems import Key, Mistake
from coreline.manifest.signals import parse_signal
from coreline.manifest.words import nearest, quoted


def globs(manifest: Manifest) -> Iterator[Mistake]:
    """Every claim is a glob that can match."""
    lists: list[tuple[Key, list[str]]] = [(("core", "paths"), manifest.core.paths)]
    lists += [(("wraps", name, "paths"), wrap.paths) for name, wrap in manifest.wraps.items()]
    lists += [(("features", name, "paths"), one.paths) for name, one in manifest.features.items()]
    for key, patterns in lists:
        for index, pattern in enumerate(patterns):
            wrong = spelling.find_mistake(pattern)
            if wrong:
                message = f"{quoted(pattern)}: {wrong.message}"
                yield Mistake("glob-invalid", (*key, index), message, wrong.hint)


def licenses(manifest: Manifest) -> Iterator[Mistake]:
    """Every SPDX license is one that SPDX knows, or LicenseRef-NAME."""
    tables: list[tuple[Key, str]] = [(("core", "spdx"), manifest.core.spdx)]
    tables += [(("wraps", name, "spdx"), wrap.spdx) for name, wrap in manifest.wraps.items()]
    tables += [
        (("dependencies", name, "spdx"), o.spdx) for name, o in manifest.dependencies.items()
    ]
    for key, expression in tables:
        wrong = spdx.find_mistake(expression)
        if wrong:
            yield Mistake("spdx-invalid", key, wrong.message, wrong.hint)


_LABEL = r"[^\W_](?:(?:[^\W_]|-){0,61}[^\W_])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+{_LABEL}")


def vendor(manifest: Manifest) -> Iterator[Mistake]:
    """The vendor's domains are the part of an e-mail address after the @."""
    for index, domain in enumerate(manifest.product.vendor):
        if len(domain) > 253 or not _DOMAIN.fullmatch(domain):
            bare = re.sub(r"^[a-z+]+://|^.*@|[/?#:].*$", "", domain.strip().lower())
            right = quoted(bare) if _DOMAIN.fullmatch(bare) else '"example.com"'
            message = f"{quoted(domain)} is not an e-mail domain."
            yield Mistake(
                "domain-malformed", ("product", "vendor", index), message, f"Write {right}."
            )


DOOR_KINDS = ("api", "entry-point", "hook")


def doors(manifest: Manifest) -> Iterator[Mistake]:
    """A door is a kind and a name."""
    for index, door in enumerate(manifest.core.doors):
        kind, colon, name = door.partition(":")
        if kind in DOOR_KINDS and re.fullmatch(r"\S+", name):
            continue
        near = nearest(kind, DOOR_KINDS)
        if colon and near:
            hint = f'Write "{near}:{name.strip() or "NAME"}".'
        else:
            hint = (
                f'Write "entry-point:{door.split(":")[-1].strip() or "NAME"}", "hook:…" or "api:…".'
            )
        message = f"{quoted(door)} is not a door: a kind, a colon and a name."
        yield Mistake("door-malformed", ("core", "doors", index), message, hint)


def public_address(manifest: Manifest) -> Iterator[Mistake]:
    """The address of the public repository holds no secret, since the manifest is published."""
    address = manifest.core.public or ""
    if re.match(r"https?://[^/]*@|[a-z+]+://[^/@]*:[^/@]*@", address):
        yield Mistake(
            "credential-in-address",
            ("core", "public"),
            "The address has a user name or a secret in it, and the manifest is published.",
            "Leave it out and let git's credential helper know it.",
        )


def signals(manifest: Manifest) -> Iterator[Mistake]:
    """A signal is a name, or a name compared with a number."""
    for name, segment in manifest.segments.items():
        for index, signal in enumerate(segment.signals):
            if parse_signal(signal) is None:
                yield Mistake(
                    "signal-malformed",
                    ("segments", name, "signals", index),
                    f"{quoted(signal)} is not a signal.",
                    'Write a name such as "sso", or a comparison such as "seats >= 50".',
                )


def decisions(manifest: Manifest) -> Iterator[Mistake]:
    """A decision record is a file of the repository."""
    for name, feature in manifest.features.items():
        path = feature.decision
        if path is not None and not is_inside(path):
            yield Mistake(
                "decision-outside",
                ("features", name, "decision"),
                f"{quoted(path)} is not a path inside the repository.",
                'Write it from the repository\'s root, such as "docs/decisions/0001-line.md".',
            )


GLOB_LITERAL_MIN = 3
"""A glob of names with fewer characters in a row would match nearly any name."""
_NOTES = re.compile(r"[\w-][\w.-]*(?:/[\w-][\w.-]*)*(?<![.])(?<!\.lock)")
_CALLED = re.compile(r"@?\$?\w+(?:(?:\.|::|#|->|&\.|\?\.)\w+)*[?!]?(?:\(\))?")
_NAMED = re.compile(r"[\w.:/*-]+")


def names_in_code(manifest: Manifest) -> Iterator[Mistake]:
    """Gates, helpers and names are written as code writes them."""
    called: list[tuple[Key, str]] = [
        (("core", "gates", index), gate) for index, gate in enumerate(manifest.core.gates)
    ]
    for wrap, table in manifest.wraps.items():
        for index, lookup in enumerate(table.lookups):
            called.append((("wraps", wrap, "lookups", index, "call"), lookup.call))
        for index, name in enumerate(table.names):
            is_wide = "*" in name and len(max(name.split("*"), key=len)) < GLOB_LITERAL_MIN
            if is_wide or not _NAMED.fullmatch(name):
                message = f"{quoted(name)} is not a name that code can read."
                hint = 'Write it out, such as "ACME_FLEET_SIZE", or begin it: "ACME_FLEET_*".'
                yield Mistake("name-malformed", ("wraps", wrap, "names", index), message, hint)
    for key, name in called:
        if not _CALLED.fullmatch(name):
            message = f"{quoted(name)} is not the name of a function."
            hint = 'Write it as it is called, such as "License.premium?" or "is_enterprise".'
            yield Mistake("name-malformed", key, message, hint)


def notes(manifest: Manifest) -> Iterator[Mistake]:
    """Notes are named by the end of their ref, and those of records are Coreline's own."""
    for index, name in enumerate(manifest.publish.notes):
        is_own = name.partition("/")[0] == "coreline"
        if is_own or name.startswith("refs/") or not _NOTES.fullmatch(name) or ".." in name:
            yield Mistake(
                "malformed",
                ("publish", "notes", index),
                f"{quoted(name)} names no notes that can be published.",
                'Write what follows refs/notes/, such as "commits"; "coreline" holds records.',
            )


def is_inside(path: str) -> bool:
    """Whether a path stays in the repository."""
    return not path.startswith("/") and "\\" not in path and ".." not in path.split("/")


TEXT_RULES: tuple[Callable[[Manifest], Iterator[Mistake]], ...] = (
    globs,
    licenses,
    vendor,
    doors,
    public_address,
    signals,
    decisions,
    names_in_code,
    notes,
)
