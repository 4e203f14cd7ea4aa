# SPDX-License-Identifier: Apache-2.0
"""Rust: uses, modules, paths in code and in macros, included files, and the features they need."""

from coreline.boundary.extension import Example, Language
from coreline.boundary.later import extracting, guarding, naming, resolving

_FEATURE = '#[cfg(feature = "ee")]\n'

LANGUAGE = Language(
    name="rust",
    sentence="Uses, modules, paths in code and macros, included files, and cfg attributes.",
    version=1,
    extract=extracting("coreline.boundary.rust.extract"),
    words=naming("coreline.boundary.rust.modules"),
    resolver=resolving("coreline.boundary.rust.modules"),
    suffixes=frozenset([".rs"]),
    grammar=("tree_sitter_rust", "language"),
    guard=guarding("coreline.boundary.rust.extract"),
    examples=(
        Example("use acme_ee::fleet::Fleet;", (("static", None, "acme_ee::fleet", ("Fleet",)),)),
        Example("use acme_ee;", (("static", None, "acme_ee", ()),)),
        Example(
            "use acme_ee::{a::B as C, d::*};",
            (("static", None, "acme_ee::a", ("B",)), ("static", None, "acme_ee::d", ("*",))),
        ),
        Example(
            "use crate::{a, ee::{self, B}};",
            (
                ("static", None, "crate", ("ee",)),
                ("static", None, "crate::ee", ("B",)),
            ),
        ),
        Example("pub use acme_ee::Fleet;", (("re-export", None, "acme_ee", ("Fleet",)),)),
        Example("extern crate acme_ee as ee;", (("static", None, "acme_ee", ()),)),
        Example("mod ee;", (("static", None, "self::ee", ()),)),
        Example('#[path = "../ee/mod.rs"]\nmod fleet;', (("static", None, "../ee/mod.rs", ()),)),
        Example("mod a { mod ee; }", (("static", None, "self::a::ee", ()),)),
        Example("fn f() { use acme_ee::B; }", (("local", None, "acme_ee", ("B",)),)),
        Example("fn f() { acme_ee::go(1); }", (("local", None, "acme_ee::go", ()),)),
        Example('fn f() { p!("{}", acme_ee::X); }', (("local", None, "acme_ee::X", ()),)),
        Example(f"{_FEATURE}use acme_ee::B;", (("static", "flag feature ee", "acme_ee", ("B",)),)),
        Example(f"{_FEATURE}mod ee;", (("static", "flag feature ee", "self::ee", ()),)),
        Example(
            '#[cfg(all(unix, feature = "ee"))]\nfn f() { acme_ee::go() }',
            (("local", "flag feature ee", "acme_ee::go", ()),),
        ),
        Example(
            '#[cfg(not(feature = "ee"))]\nuse acme_ee::B;', (("static", None, "acme_ee", ("B",)),)
        ),
        Example(
            '#[cfg(any(unix, feature = "ee"))]\nuse acme_ee::B;',
            (("static", None, "acme_ee", ("B",)),),
        ),
        Example(
            "#[cfg(test)]\nmod tests { use acme_ee::B; }", (("test", None, "acme_ee", ("B",)),)
        ),
        # What cfg! decides when the code runs is compiled all the same.
        Example(
            'fn f() { if cfg!(feature = "ee") { acme_ee::go() } }',
            (("local", None, "acme_ee::go", ()),),
        ),
        Example(
            'fn f() { if cfg!(feature = "ee") { dlopen("ee/x.so"); } }',
            (("dynamic", "flag feature ee", "ee/x.so", ()),),
        ),
        Example('include!("../ee/x.rs");', (("static", None, "../ee/x.rs", ()),)),
        Example(
            'const X: &str = include_str!("../ee/x.sql");',
            (("static", None, "../ee/x.sql", ()),),
        ),
        Example("// use acme_ee::B;\n/// acme_ee::B\nfn f(ee: u8) -> u8 { ee }"),
    ),
)
