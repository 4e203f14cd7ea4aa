# SPDX-License-Identifier: Apache-2.0
"""A guard counts where it keeps the core alive without the wrap, and nowhere else."""

import pytest

from coreline.boundary.extension import Source
from coreline.boundary.facts import Reference
from coreline.boundary.javascript.extract import JAVASCRIPT, TSX, TYPESCRIPT, extract
from coreline.boundary.names import Names

NAMES = Names(modules={}, words=frozenset(), folders=frozenset(["ee"]), packages={"@acme/ee": "ee"})


def found(code: str) -> tuple[Reference, ...]:
    data = code.encode()
    source = Source(data, NAMES, NAMES.search(data))
    facts = extract(source, (JAVASCRIPT, TYPESCRIPT, TSX))
    assert facts.trouble is None
    return facts.references


@pytest.mark.parametrize(
    "code",
    [
        "try { x = require('./ee') } catch { x = null }",
        "try { x = require('./ee') } catch (e) { log(e) } finally { done() }",
        "try { x = require('./ee') } catch (e) { if (e.code !== 'MODULE_NOT_FOUND') { throw e } }",
        "try { require('./ee') } catch (e) { if (/MODULE_NOT_FOUND/ == e.code) x(); else throw e }",
        "try { if (a) { x = require('./ee') } } catch {}",
        "async () => { try { x = await import('./ee') } catch {} }",
        "async () => { try { x = (await import('./ee')).default } catch {} }",
        "async () => { try { [x] = await Promise.all([import('./ee')]) } catch {} }",
        "x = import('./ee').catch(() => null)",
        "x = import('./ee').then(m => m.x).catch(noop)",
        "x = import('./ee').then(m => m.x, () => null)",
    ],
)
def test_what_survives_a_missing_module(code: str) -> None:
    assert [one.guard for one in found(code)] == ["try"]


@pytest.mark.parametrize(
    "code",
    [
        "try { x = require('./ee') } catch (e) { log(e); throw e }",
        "try { x = require('./ee') } catch (e) { throw new Error('no') }",
        "try { x = require('./ee') } catch (e) { process.exit(1) }",
        "try { x = require('./ee') } catch (e) { if (e.code === 'MODULE_NOT_FOUND') throw e }",
        "try { x = require('./ee') } finally { done() }",
        "try { start() } catch { x = require('./ee') }",
        "try { start() } catch {} finally { x = require('./ee') }",
        "try { x = () => require('./ee') } catch {}",
        "try { function f() { return require('./ee') } } catch {}",
        "try { x = import('./ee') } catch {}",
        "try { x = lazy(async () => await import('./ee')) } catch {}",
        "x = import('./ee').catch(e => { throw e })",
        "x = import('./ee').then(m => m.x)",
        "x = import('./ee').finally(() => null)",
        "load().catch(() => null); x = import('./ee')",
    ],
)
def test_what_does_not(code: str) -> None:
    assert [one.guard for one in found(code)] == [None]


@pytest.mark.parametrize(
    ("code", "guard"),
    [
        ("if (env.EE) require('./ee')", "flag env.EE"),
        ("if (process.env.NEXT_PUBLIC_EE) { require('./ee') }", "flag env NEXT_PUBLIC_EE"),
        ("if (process.env['EE'] === 'true') { require('./ee') }", "flag env EE"),
        ("if (import.meta.env.VITE_EE) { require('./ee') }", "flag env VITE_EE"),
        ("if (!isCloud) {} else { require('./ee') }", "flag isCloud"),
        ("if (isEnterpriseEdition()) { require('./ee') }", "flag isEnterpriseEdition()"),
        ("if (a && config.ee?.on) { require('./ee') }", "flag config.ee.on"),
        ("if (user && hasFeature('x')) { require('./ee') }", "flag hasFeature('x')"),
        ("x = EE_ENABLED ? require('./ee') : null", "flag EE_ENABLED"),
        ("x = this.billingEnabled && require('./ee')", "flag this.billingEnabled"),
        ("x = isSelfHosted || require('./ee')", "flag isSelfHosted"),
        ("switch (process.env.EDITION) { case 'ee': require('./ee') }", "flag env EDITION"),
        ("() => { if (!flags.ee) return null; return require('./ee') }", "flag flags.ee"),
        ("() => { if (!flags.ee) { throw new Error() } require('./ee') }", "flag flags.ee"),
        ("for (const x of y) { if (!IS_EE) continue; require('./ee') }", "flag IS_EE"),
        ("if (config.ee) { x = dynamic(() => import('./ee')) }", "flag config.ee"),
        # Data of the moment: the code behind it is reached in every deployment.
        ("if (user.isPaid) require('./ee')", None),
        ("if (plan === 'pro') require('./ee')", None),
        ("x = require('./ee') && config.ee", None),
        ("if (require('./ee').on) { start() }", None),
        ("() => { if (!flags.ee) log(); require('./ee') }", None),
        ("() => { require('./ee'); if (!flags.ee) return }", None),
    ],
)
def test_flags(code: str, guard: str | None) -> None:
    assert [one.guard for one in found(code)] == [guard]


@pytest.mark.parametrize(
    ("code", "form"),
    [
        ("require('./ee')", "static"),
        ("const f = () => require('./ee')", "local"),
        ("class A { f() { require('./ee') } }", "local"),
        ("require(`./ee/${x}`)", "dynamic"),
        ("require(x ? './ee/a' : './b')", "dynamic"),
        ("lazy(() => import(/* webpackChunkName: 'ee/x' */ './ee/x').then(m => m.X))", "dynamic"),
        ("new Worker('./ee/w.js')", "dynamic"),
        ("new Worker(new URL('./ee/w.js', import.meta.url))", "dynamic"),
        ("new URL('./ee/w.js', base)", "string"),
        ("import.meta.glob(['./ee/*.ts', '!./ee/x.ts'])", "dynamic"),
        ("jest.requireActual('./ee')", "dynamic"),
        ("vi.mock(import('./ee'))", "dynamic"),
        ("mock('./ee')", "string"),
        ("exports = module.exports = require('./ee')", "re-export"),
        ("export default './ee'", "string"),
    ],
)
def test_forms(code: str, form: str) -> None:
    assert {one.form for one in found(code)} == {form}


@pytest.mark.parametrize(
    "code",
    [
        "x = { exclude: ['./ee/**'] }",
        "x = { rules: { patterns: [{ restricted: './ee' }] } }",
        "// require('./ee')",
        "/* import './ee' */",
        "/**\n * import x from './ee'\n */",
        "x = 1 // './ee'\ny = `\n`",
        "const ee = { ee: 1 }; ee.ee(ee)",
        "x = 'look into ./ee for more'",
        "x = <p>'./ee'</p>",
        "x = /'.\\/ee'/",
        "import x from './y' with { type: './ee' }",
    ],
)
def test_what_is_no_reference(code: str) -> None:
    assert found(code) == ()


def test_a_reference_stands_where_its_string_does() -> None:
    (one,) = found("import {\n  a,\n  b as c,\n} from './ee/x';\nexport { c };\n")
    assert (one.line, one.column, one.text) == (4, 8, "} from './ee/x';")
    assert one.names == ("a", "b")
    assert not one.exported


def test_imports_at_the_top_are_found_however_long_the_rest_is() -> None:
    head = "import a from './ee/a';\n"
    rest = "if (config.x) { y() }\n" * 200
    assert [one.line for one in found(head + rest)] == [1]
    assert [one.line for one in found(head + rest + "if (env.EE) require('./ee')")] == [1, 202]
    assert found("/*\n" + head + "*/\n" + rest) == ()
    assert found("x = `\n" + head + "`\n") == ()


def test_what_a_compiler_takes_in_is_needed() -> None:
    code = "@Component({ templateUrl: './ee/x.html', other: './ee/y.html' }) class A {}"
    assert [(one.form, one.needed) for one in found(code)] == [("string", True), ("string", False)]
