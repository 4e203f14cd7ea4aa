# SPDX-License-Identifier: Apache-2.0
"""Configurations of bundlers, test runners and frameworks, which are JavaScript with aliases."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from coreline.boundary.extension import Example, Guard, Language, Resolve, Source
from coreline.boundary.facts import FileFacts

if TYPE_CHECKING:
    from coreline.boundary.world import World

# alias: {"@premium": path.resolve(__dirname, "../ee")}, {find: "@premium", replacement: "../ee"},
# moduleNameMapper: {"^@premium/(.*)$": "<rootDir>/../ee/$1"}. A plain word may be any option, as
# in {include: "./ee"}.
_ALIAS = (
    rb"""([@#~$](?<=["'^\s{,][@#~$])[@#~$\w./-]{0,100}?)(?:/?\(\.[*+]\??\))?\$?["']?\s{0,50}"""
    rb"""(?::|,\s{0,50}replacement\s{0,9}:)\s{0,50}\[?\s{0,50}"""
    rb"""([\w.$]{1,60}\(\s{0,50}(?:(?:new\s)?[\w.$]{1,60}(?:\([^()\n]{0,100}\))?\s{0,9},\s{0,50})?)?"""
    rb"""["'`](?:<rootDir>/|\$\{\w{1,40}\}/)?(\.{0,2}/?[\w@./-]{1,200}?)/?(?:\$1|\*)?["'`]"""
    rb"""((?:\s{0,50},\s{0,50}["'`][\w@./-]{1,200}["'`]){0,6})"""
)
_ALIASES_MAX = 500
_JOINING = re.compile(rb"(?:path\.)?(?:resolve|join)\(\s*(?:__dirname|import\.meta\.dirname)\s*,")
_PIECE = re.compile(rb"""["'`]([\w@./-]{1,200})["'`]""")


def _extract(source: Source) -> FileFacts:
    from coreline.boundary.javascript.extract import JAVASCRIPT, TSX, TYPESCRIPT, extract

    return extract(source, (JAVASCRIPT, TYPESCRIPT, TSX))


def _aliases(raw: bytes) -> Iterator[tuple[str, str]]:
    """Yield what may be an alias: a key, and a path that may be a wrap's."""
    for match in islice(re.finditer(_ALIAS, raw), _ALIASES_MAX):
        target = match[3].decode("utf-8", "replace")
        call = match[2] or b""
        if _JOINING.match(call):
            # path.resolve(__dirname, "..", "ee")
            pieces = [target, *(one.decode() for one in _PIECE.findall(match[4]))]
            target = "./" + "/".join(one.strip("/") for one in pieces)
        if "/" in target:
            yield match[1].decode("utf-8", "replace").rstrip("/"), target


def _guard() -> Guard:
    from coreline.boundary.javascript.guards import Guards

    guards = Guards()
    return lambda path: guards.around(path).guard


def _resolver(world: "World") -> Resolve:
    from coreline.boundary.javascript.resolve import resolver

    return resolver(world)


LANGUAGE = Language(
    name="javascript-config",
    sentence="What configurations of bundlers and test runners take in, and the aliases they give.",
    version=4,
    extract=_extract,
    examples=(
        Example(
            'alias: { "@x": path.resolve(__dirname, "../ee/src") }',
            (("string", None, "../ee/src", ()),),
        ),
        Example(
            'export default { transpilePackages: ["acme-ee"] };', (("string", None, "acme-ee", ()),)
        ),
    ),
    filenames=("*.config.js", "*.config.ts", "*.config.mjs", "*.config.cjs", "*.config.mts"),
    grammar=("tree_sitter_javascript", "language"),
    aliases=_aliases,
    resolver=_resolver,
    guard=_guard,
)
