# SPDX-License-Identifier: Apache-2.0
"""JavaScript, with JSX; where a file has types in it, it is read as TypeScript."""

from typing import TYPE_CHECKING

from coreline.boundary.extension import Example, Guard, Language, Resolve, Source
from coreline.boundary.facts import FileFacts

if TYPE_CHECKING:
    from coreline.boundary.world import World


def _extract(source: Source) -> FileFacts:
    # The parser is imported only when a file names a wrap: most runs parse nothing.
    from coreline.boundary.javascript.extract import JAVASCRIPT, TSX, extract

    return extract(source, (JAVASCRIPT, TSX))


def _guard() -> Guard:
    from coreline.boundary.javascript.guards import Guards

    guards = Guards()
    return lambda path: guards.around(path).guard


def _resolver(world: "World") -> Resolve:
    from coreline.boundary.javascript.resolve import resolver

    return resolver(world)


_EXAMPLES = (
    Example('import "./ee/start";', (("static", None, "./ee/start", ()),)),
    Example(
        'import a, { b as c } from "../ee/x.js";',
        (("static", None, "../ee/x.js", ("default", "b")),),
    ),
    Example("import * as ee from '@/ee';", (("static", None, "@/ee", ("*",)),)),
    Example('export * from "./ee";', (("re-export", None, "./ee", ("*",)),)),
    Example('export { a as b } from "./ee";', (("re-export", None, "./ee", ("a",)),)),
    Example('const x = require("acme-ee/x");', (("static", None, "acme-ee/x", ()),)),
    Example('module.exports = require("./ee");', (("re-export", None, "./ee", ()),)),
    Example('function f() { require("./ee") }', (("local", None, "./ee", ()),)),
    Example('try { require("./ee") } catch {}', (("static", "try", "./ee", ()),)),
    Example('try { require("./ee") } catch (e) { throw e }', (("static", None, "./ee", ()),)),
    Example(
        'try { require("./ee") } catch (e) { if (e.code !== "MODULE_NOT_FOUND") throw e }',
        (("static", "try", "./ee", ()),),
    ),
    Example('try { start() } catch { require("./ee") }', (("static", None, "./ee", ()),)),
    Example('try { lazy(() => import("./ee")) } catch {}', (("dynamic", None, "./ee", ()),)),
    Example('try { import("./ee") } catch {}', (("dynamic", None, "./ee", ()),)),
    Example('try { await import("./ee") } catch {}', (("dynamic", "try", "./ee", ()),)),
    Example('import("./ee").catch(() => null)', (("dynamic", "try", "./ee", ()),)),
    Example("await import(`./ee/${name}`)", (("dynamic", None, "./ee", ()),)),
    Example('await import("./ee/" + name)', (("dynamic", None, "./ee/", ()),)),
    Example('const X = dynamic(() => import("@/ee/x"))', (("dynamic", None, "@/ee/x", ()),)),
    Example(
        'if (process.env.NEXT_PUBLIC_EE === "1") { require("./ee") }',
        (("static", "flag env NEXT_PUBLIC_EE", "./ee", ()),),
    ),
    Example(
        'const x = isCloud() ? lazy(() => import("./ee")) : null',
        (("dynamic", "flag isCloud()", "./ee", ()),),
    ),
    Example('config.ee && require("./ee")', (("static", "flag config.ee", "./ee", ()),)),
    Example(
        'function f() { if (!env.EE) return; return require("./ee") }',
        (("local", "flag env.EE", "./ee", ()),),
    ),
    Example('if (user.isPaid) require("./ee")', (("static", None, "./ee", ()),)),
    Example('jest.mock("../ee/x", () => ({}))', (("string", None, "../ee/x", ()),)),
    Example('require.resolve("acme-ee")', (("dynamic", None, "acme-ee", ()),)),
    Example('new URL("./ee/x.wasm", import.meta.url)', (("dynamic", None, "./ee/x.wasm", ()),)),
    Example('import.meta.glob("./ee/*.js")', (("dynamic", None, "./ee/*.js", ()),)),
    Example('require.context("./ee", true)', (("dynamic", None, "./ee", ()),)),
    Example('x = { content: ["./ee/**/*.jsx"] }', (("string", None, "./ee/**/*.jsx", ()),)),
    Example('// import "./ee"\nconst ee = <ee.X>see ./ee here</ee.X>; see("the ./ee folder")'),
)

LANGUAGE = Language(
    name="javascript",
    sentence="Imports of every kind, require, bundlers' look-ups, and their guards.",
    version=3,
    grammar=("tree_sitter_javascript", "language"),
    extract=_extract,
    examples=_EXAMPLES,
    interpreters=frozenset(["node", "nodejs"]),
    suffixes=frozenset([".js", ".mjs", ".cjs", ".jsx"]),
    resolver=_resolver,
    guard=_guard,
)
