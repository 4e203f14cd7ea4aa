# SPDX-License-Identifier: Apache-2.0
"""Workspaces of JavaScript: pnpm, Lerna, Turborepo, Nx and Rush, and the packages they name."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from coreline.boundary.extension import Example, Language, Resolve, Source
from coreline.boundary.facts import FileFacts, Reference
from coreline.boundary.text import Lines

if TYPE_CHECKING:
    from coreline.boundary.world import World

_WORD = re.compile(rb"""[^\s"',\[\]{}]{1,300}""")
_COMMENT = re.compile(rb"^\s*(?:#|//)|\s#[^\n]*$|//[^\n\"]*$", re.MULTILINE)
_WORDS_MAX = 5000
_REACH = 300


def _extract(source: Source) -> FileFacts:
    return FileFacts(references=tuple(_references(source)) if source.hits else ())


def _references(source: Source) -> Iterator[Reference]:
    """Yield the folders and packages that are named; a workspace does without what is missing."""
    lines = Lines(source.data)
    seen: set[int] = set()
    for start, _ in islice(source.hits, _WORDS_MAX):
        line = source.data.rfind(b"\n", 0, start) + 1
        if _COMMENT.search(source.data, max(line, start - _REACH), start):
            continue
        match = _word_at(source.data, line, start)
        if match is None or match.start() in seen:
            continue
        seen.add(match.start())
        # "!ee" leaves the wrap out, which is no dependence.
        text = match[0].decode("utf-8", "replace").partition("#")[0].removeprefix("./").rstrip(":")
        if text and not text.startswith(("!", "#")) and "://" not in text:
            name = text if "/" in text or "-" in text else f"{text}/"
            form = lines.place(match.start())
            yield Reference(form.line, form.column, "build", name, needed=False, text=form.text)


def _word_at(data: bytes, line: int, start: int) -> re.Match[bytes] | None:
    begin = max(line, start - _REACH)
    words = _WORD.finditer(data, begin, start + _REACH)
    return next((one for one in words if one.start() <= start < one.end()), None)


def _resolver(world: "World") -> Resolve:
    from coreline.boundary.javascript.resolve import metadata_resolver

    return metadata_resolver(world)


LANGUAGE = Language(
    name="js-workspace",
    sentence="The folders and packages that a workspace of JavaScript names.",
    version=1,
    extract=_extract,
    examples=(
        Example('packages:\n  - "web"\n  - "ee"\n', (("build", None, "ee/", ()),)),
        Example('{"tasks": {"acme-ee#build": {}}}', (("build", None, "acme-ee", ()),)),
        Example("packages:\n  - ee/*  # the wrap\n", (("build", None, "ee/*", ()),)),
        Example('packages:\n  - "!ee"\n  # - ee\n'),
    ),
    filenames=("pnpm-workspace.yaml", "lerna.json", "turbo.json", "nx.json", "rush.json"),
    resolver=_resolver,
)
