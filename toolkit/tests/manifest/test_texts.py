# SPDX-License-Identifier: Apache-2.0
"""Single texts: SPDX expressions, signals, globs as people misspell them, domains, doors, words."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coreline.manifest import spdx, spelling, texts
from coreline.manifest.model import Core, Manifest, Product
from coreline.manifest.signals import Signal, parse_signal
from coreline.manifest.words import dotted, nearest, quoted, shown_path


@pytest.mark.parametrize(
    "expression",
    [
        "MIT",
        "Apache-2.0 OR MIT",
        "(MIT OR Apache-2.0) AND LicenseRef-Own.1",
        "LicenseRef-Converge-Enterprise",
        "DocumentRef-a:LicenseRef-b",
        "GPL-2.0-only WITH Classpath-exception-2.0",
        "GPL-2.0+",
        "GPL-2.0",
        "mit",
        "Zlib AND libpng-2.0",
    ],
)
def test_right_spdx_expressions(expression: str) -> None:
    assert spdx.find_mistake(expression) is None


@pytest.mark.parametrize(
    ("expression", "message", "hint"),
    [
        (
            "Apache-2",
            '"Apache-2" is not on the SPDX license list.',
            "Write Apache-2.0, or LicenseRef-Apache-2 for a license of your own.",
        ),
        (
            "proprietary",
            '"proprietary" is not on the SPDX license list.',
            "For a license of your own write LicenseRef-proprietary.",
        ),
        (
            "MIT OR Propietary",
            '"Propietary" is not on the SPDX license list.',
            "For a license of your own write LicenseRef-Propietary.",
        ),
        (
            "SEE LICENSE IN ee",
            '"SEE LICENSE IN ee" is not on the SPDX license list.',
            "For a license of your own write LicenseRef-SEE.",
        ),
        (
            "MIT OR",
            '"MIT OR" is not an SPDX license expression.',
            'Join identifiers with AND, OR or WITH, such as "Apache-2.0 OR MIT".',
        ),
        (
            "MIT ISC",
            '"MIT ISC" is not an SPDX license expression.',
            'Join identifiers with AND, OR or WITH, such as "Apache-2.0 OR MIT".',
        ),
        (
            "MIT WITH ISC",
            '"MIT WITH ISC" is not an SPDX license expression.',
            'Join identifiers with AND, OR or WITH, such as "Apache-2.0 OR MIT".',
        ),
        (
            "((MIT)",
            '"((MIT)" is not an SPDX license expression.',
            'Join identifiers with AND, OR or WITH, such as "Apache-2.0 OR MIT".',
        ),
    ],
)
def test_wrong_spdx_expressions(expression: str, message: str, hint: str) -> None:
    assert spdx.find_mistake(expression) == (message, hint)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.lists(
        st.sampled_from(
            ["MIT", "ISC", "OR", "AND", "WITH", "(", ")", "+", "LicenseRef-a", "X", "/", "é"]
        ),
        max_size=7,
    )
)
def test_any_text_is_an_expression_or_a_mistake(words: list[str]) -> None:
    mistake = spdx.find_mistake(" ".join(words))
    if "X" in words or "/" in words or words[-1:] == ["OR"] or words == []:
        assert mistake is not None


def test_a_common_license_needs_no_list_of_licenses() -> None:
    code = (
        "import sys; from coreline.manifest.spdx import find_mistake as f;"
        "assert f('Apache-2.0 OR LicenseRef-X') is None;"
        "sys.exit('license_expression' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_a_right_manifest_needs_no_grammar_and_nothing_heavy() -> None:
    code = (
        "import sys; from coreline.manifest.parse import parse_manifest as p;"
        'p(\'[product]\\nname="p"\\nprimary="x"\\n[core]\\nspdx="MIT"\\npaths=["a/**"]\');'
        "heavy = {'tree_sitter', 'difflib', 'license_expression', 'rich', 'tomlkit', 'subprocess'};"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("sso", Signal("sso")),
        ("seats >= 50", Signal("seats", ">=", 50)),
        (" seats>=50 ", Signal("seats", ">=", 50)),
        ("load.p99 < 0.5", Signal("load.p99", "<", 0.5)),
        ("drift == -1", Signal("drift", "==", -1)),
        ("a-b_c != 2", Signal("a-b_c", "!=", 2)),
        ("seats > 5", Signal("seats", ">", 5)),
        ("seats <= 5", Signal("seats", "<=", 5)),
        ("seats >=", None),
        ("seats => 5", None),
        ("seats = 5", None),
        (">= 5", None),
        ("5", None),
        ("Seats", None),
        ("a b", None),
        ("seats >= 5 seats", None),
        ("seats >= 1e9", None),
        ("seats >= ٣", None),
        ("", None),
    ],
)
def test_signals(text: str, signal: Signal | None) -> None:
    assert parse_signal(text) == signal


@pytest.mark.parametrize(
    ("text", "values", "holds"),
    [
        ("sso", {"sso": True}, True),
        ("sso", {"sso": 0}, False),
        ("sso", {}, False),
        ("seats >= 50", {"seats": 50}, True),
        ("seats >= 50", {"seats": 49.9}, False),
        ("seats != 50", {"seats": 50}, False),
        ("seats >= 0", {}, False),
        ("seats >= 0", {"seats": "many"}, False),
        ("seats >= 0", {"seats": True}, False),
    ],
)
def test_whether_a_signal_holds(text: str, values: dict[str, object], holds: bool) -> None:
    signal = parse_signal(text)
    assert signal is not None
    assert signal.holds(values) is holds


@pytest.mark.parametrize(
    ("pattern", "better"),
    [
        ("docs/", "docs/**"),
        ("/docs/**", "docs/**"),
        ("C:\\docs\\x", "docs/x"),
        ("docs\\**", "docs/**"),
        ("./.github/**", ".github/**"),
        ("../other/x", "other/x"),
        ("a/../b/", "b/**"),
        ("a//b", "a/b"),
        ("src**", "src/**"),
        ("**.py", "**/*.py"),
        ("src/**.py", "src/**/*.py"),
        ("src/***", "src/**"),
        ("a**b", "a/**/*b"),
        (" src/** ", "src/**"),
    ],
)
def test_a_misspelled_glob_says_what_to_write(pattern: str, better: str) -> None:
    mistake = spelling.find_mistake(pattern)
    assert mistake is not None
    assert mistake.hint == f"Write {quoted(better)}."


@pytest.mark.parametrize("pattern", ["!a", "*.{js,ts}", "..", "/", "./"])
def test_a_glob_that_cannot_be_put_right_has_a_hint_all_the_same(pattern: str) -> None:
    mistake = spelling.find_mistake(pattern)
    assert mistake is not None
    assert mistake.hint


@pytest.mark.parametrize(
    "pattern", ["a", "a/**", "**/a/*.py", "[id]/(app)/*", "{{ name }}/x", ".a", "a..b", "a b", "**"]
)
def test_right_globs(pattern: str) -> None:
    assert spelling.find_mistake(pattern) is None


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.text("ab.*/\\ :?", min_size=1, max_size=10))
def test_what_is_proposed_instead_of_a_glob_is_right(pattern: str) -> None:
    mistake = spelling.find_mistake(pattern)
    if mistake and mistake.hint.startswith("Write "):
        proposed = mistake.hint.removeprefix('Write "').removesuffix('".')
        assert spelling.find_mistake(proposed) is None, proposed


def manifest(vendor: list[str], doors: list[str], public: str | None = None) -> Manifest:
    return Manifest(
        product=Product(name="p", primary="x", vendor=vendor),
        core=Core(spdx="MIT", paths=[], doors=doors, public=public),
    )


def test_right_domains_and_doors() -> None:
    right = manifest(
        ["example.com", "a-b.example.co.uk", "xn--bcher-kva.example", "bücher.example"],
        ["entry-point:converge.plugins", "hook:before-apply", "api:/v1/plans"],
        "ssh://git@forge.example.com/converge.git",
    )
    assert list(texts.vendor(right)) == []
    assert list(texts.doors(right)) == []
    assert list(texts.public_address(right)) == []


@pytest.mark.parametrize(
    ("domain", "hint"),
    [
        ("me@example.com", "example.com"),
        ("@example.com", "example.com"),
        ("https://www.example.com/about", "www.example.com"),
        ("localhost", "example.com"),
        ("-a.example", "example.com"),
        ("a..example", "example.com"),
        ("EXAMPLE.com:25", "example.com"),
        ("x" * 64 + ".example", "example.com"),
    ],
)
def test_wrong_domains(domain: str, hint: str) -> None:
    (mistake,) = texts.vendor(manifest([domain], []))
    assert mistake.hint == f'Write "{hint}".'


@pytest.mark.parametrize(
    ("door", "hint"),
    [
        ("entrypoint:x", 'Write "entry-point:x".'),
        ("hooks: x", 'Write "hook:x".'),
        ("api:", 'Write "api:NAME".'),
        ("x", 'Write "entry-point:x", "hook:…" or "api:…".'),
        ("plugin:x", 'Write "entry-point:x", "hook:…" or "api:…".'),
        ("entry-point:a b", 'Write "entry-point:a b".'),
    ],
)
def test_wrong_doors(door: str, hint: str) -> None:
    (mistake,) = texts.doors(manifest([], [door]))
    assert mistake.hint == hint


@pytest.mark.parametrize(
    "address", ["https://token@x.example/r", "https://a:b@x.example/r", "ssh://git:pw@x.example/r"]
)
def test_a_secret_in_an_address_is_refused_and_not_repeated(address: str) -> None:
    (mistake,) = texts.public_address(manifest([], [], address))
    assert mistake.code == "credential-in-address"
    assert address not in mistake.message


def test_words() -> None:
    assert dotted(("wraps", "a b", "paths", 0)) == 'wraps."a b".paths[0]'
    assert nearest("fleeet", ["fleet", "apply"]) == "fleet"
    assert nearest("zzz", ["fleet", "apply"]) is None
    assert quoted('a"\n') == '"a\\"\\n"'
    assert quoted("x" * 200).endswith('x…"')
    assert shown_path("a/é.py") == "a/é.py"
    assert shown_path("a\udcff\x1b[1m") == "a\\xff\\x1b[1m"
