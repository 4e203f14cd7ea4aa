# SPDX-License-Identifier: Apache-2.0
"""Java: imports, modules, qualified names, and classes that are looked up by name."""

from coreline.boundary.extension import Example, Language
from coreline.boundary.later import defining, extracting, guarding, resolving

_TRY = "class A {{ void f() {{ try {{ {0} }} catch ({1} e) {{ {2} }} }} }}"
_LOOK_UP = 'Class.forName("acme_ee.Fleet");'

LANGUAGE = Language(
    name="java",
    sentence="Imports, module descriptors, qualified names, and classes looked up by name.",
    version=1,
    extract=extracting("coreline.boundary.jvm.java"),
    define=defining("coreline.boundary.jvm.shared"),
    resolver=resolving("coreline.boundary.jvm.shared"),
    suffixes=frozenset([".java"]),
    grammar=("tree_sitter_java", "language"),
    guard=guarding("coreline.boundary.jvm.java"),
    examples=(
        Example("import acme_ee.Fleet;", (("static", None, "acme_ee.Fleet", ()),)),
        Example("import static acme_ee.Fleet.of;", (("static", None, "acme_ee.Fleet.of", ()),)),
        Example("import acme_ee.fleet.*;", (("static", None, "acme_ee.fleet", ("*",)),)),
        Example(
            "class A extends acme_ee.B<String> { }",
            (("static", None, "acme_ee.B", ()),),
        ),
        Example(
            "class A { void f() { if (Flags.EE) acme_ee.B.go(); } }",
            (("static", None, "acme_ee.B", ()),),
        ),
        Example(
            "class A { Object f() { return new acme_ee.B(); } }",
            (("static", None, "acme_ee.B", ()),),
        ),
        Example(
            _TRY.format(_LOOK_UP, "ClassNotFoundException", ""),
            (("dynamic", "try", "acme_ee.Fleet", ()),),
        ),
        Example(
            _TRY.format(_LOOK_UP, "java.io.IOException", ""),
            (("dynamic", None, "acme_ee.Fleet", ()),),
        ),
        Example(
            _TRY.format(_LOOK_UP, "Throwable", "throw new Error(e);"),
            (("dynamic", None, "acme_ee.Fleet", ()),),
        ),
        Example(
            f'class A {{ void f() {{ if (System.getenv("EE") != null) {{ {_LOOK_UP} }} }} }}',
            (("dynamic", "flag env EE", "acme_ee.Fleet", ()),),
        ),
        Example(
            f"class A {{ void f() {{ if (!config.ee) return; {_LOOK_UP} }} }}",
            (("dynamic", "flag config.ee", "acme_ee.Fleet", ()),),
        ),
        Example(
            f"class A {{ void f() {{ if (user.age > 3) {{ {_LOOK_UP} }} }} }}",
            (("dynamic", None, "acme_ee.Fleet", ()),),
        ),
        Example(
            '@ComponentScan(basePackages = {"acme", "acme_ee.web"}) class A { }',
            (("dynamic", None, "acme_ee.web", ()),),
        ),
        Example(
            '@ConditionalOnClass(name = "acme_ee.Fleet") class A { }',
            (("dynamic", "probe", "acme_ee.Fleet", ()),),
        ),
        Example(
            'class A { String s = "acme_ee.Fleet"; }', (("string", None, "acme_ee.Fleet", ()),)
        ),
        Example("module acme { requires acme_ee; }", (("static", None, "acme_ee", ()),)),
        Example(
            "module acme { requires static acme_ee; }", (("static", "optional", "acme_ee", ()),)
        ),
        Example('/** See acme_ee.Fleet. */ class A { int acme_ee = 1; String s = "an ee here"; }'),
    ),
)
