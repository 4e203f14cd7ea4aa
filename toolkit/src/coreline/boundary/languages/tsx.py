# SPDX-License-Identifier: Apache-2.0
"""TypeScript with JSX: in such files, angle brackets are elements and no casts."""

from typing import TYPE_CHECKING

from coreline.boundary.extension import Example, Guard, Language, Resolve, Source
from coreline.boundary.facts import FileFacts

if TYPE_CHECKING:
    from coreline.boundary.world import World


def _extract(source: Source) -> FileFacts:
    from coreline.boundary.javascript.extract import TSX, extract

    return extract(source, (TSX,))


def _guard() -> Guard:
    from coreline.boundary.javascript.guards import Guards

    guards = Guards()
    return lambda path: guards.around(path).guard


def _resolver(world: "World") -> Resolve:
    from coreline.boundary.javascript.resolve import resolver

    return resolver(world)


LANGUAGE = Language(
    name="tsx",
    sentence="TypeScript with JSX.",
    version=3,
    grammar=("tree_sitter_typescript", "language_tsx"),
    extract=_extract,
    examples=(
        Example(
            'import { type A } from "@/ee/x";\nexport default () => <A href="/x">ee</A>;',
            (("type-only", None, "@/ee/x", ("A",)),),
        ),
        Example(
            'const X = isEnterprise ? dynamic(() => import("@/ee/x")) : () => <p>./ee</p>',
            (("dynamic", "flag isEnterprise", "@/ee/x", ()),),
        ),
    ),
    suffixes=frozenset([".tsx"]),
    resolver=_resolver,
    guard=_guard,
)
