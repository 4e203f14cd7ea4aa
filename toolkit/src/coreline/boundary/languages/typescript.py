# SPDX-License-Identifier: Apache-2.0
"""TypeScript, declarations and shims (``.d.ts``) included; files with JSX are ``tsx``."""

from typing import TYPE_CHECKING

from coreline.boundary.extension import Example, Guard, Language, Resolve, Source
from coreline.boundary.facts import FileFacts

if TYPE_CHECKING:
    from coreline.boundary.world import World


def _extract(source: Source) -> FileFacts:
    from coreline.boundary.javascript.extract import TYPESCRIPT, extract

    return extract(source, (TYPESCRIPT,))


def _guard() -> Guard:
    from coreline.boundary.javascript.guards import Guards

    guards = Guards()
    return lambda path: guards.around(path).guard


def _resolver(world: "World") -> Resolve:
    from coreline.boundary.javascript.resolve import resolver

    return resolver(world)


LANGUAGE = Language(
    name="typescript",
    sentence="What JavaScript has, and what is only there for types.",
    version=3,
    grammar=("tree_sitter_typescript", "language_typescript"),
    extract=_extract,
    examples=(
        Example('import type { A } from "./ee";', (("type-only", None, "./ee", ("A",)),)),
        Example(
            'import { type A, type B } from "./ee";', (("type-only", None, "./ee", ("A", "B")),)
        ),
        Example('import { type A, b } from "./ee";', (("static", None, "./ee", ("A", "b")),)),
        Example('import ee = require("./ee");', (("static", None, "./ee", ()),)),
        Example('export type { A } from "./ee";', (("type-only", None, "./ee", ("A",)),)),
        Example('let x: typeof import("./ee");', (("type-only", None, "./ee", ()),)),
        Example('type T = import("./ee").T[];', (("type-only", None, "./ee", ()),)),
        Example('const x = y as import("./ee").T;', (("type-only", None, "./ee", ()),)),
        Example(
            'vi.importActual<typeof import("./ee")>("./ee")',
            (("type-only", None, "./ee", ()), ("dynamic", None, "./ee", ())),
        ),
        Example('declare module "acme-ee/x" { }', (("type-only", None, "acme-ee/x", ()),)),
        Example('/// <reference path="ee/x.d.ts" />\n', (("type-only", None, "ee/x.d.ts", ()),)),
        Example("const x = <ee>y; type Side = './ee' | 'core'; // import('./ee')"),
    ),
    suffixes=frozenset([".ts", ".mts", ".cts"]),
    resolver=_resolver,
    guard=_guard,
)
