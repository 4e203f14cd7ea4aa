# SPDX-License-Identifier: Apache-2.0
"""Kotlin: imports with their aliases, qualified names, and classes that are looked up by name."""

from coreline.boundary.extension import Example, Language
from coreline.boundary.later import defining, extracting, guarding, resolving

_LOOK_UP = 'Class.forName("acme_ee.Fleet")'

LANGUAGE = Language(
    name="kotlin",
    sentence="Imports with their aliases, qualified names, and classes looked up by name.",
    version=1,
    extract=extracting("coreline.boundary.jvm.kotlin"),
    define=defining("coreline.boundary.jvm.shared"),
    resolver=resolving("coreline.boundary.jvm.shared"),
    suffixes=frozenset([".kt", ".kts"]),
    grammar=("tree_sitter_kotlin", "language"),
    guard=guarding("coreline.boundary.jvm.kotlin"),
    examples=(
        Example("import acme_ee.Fleet", (("static", None, "acme_ee.Fleet", ()),)),
        Example("import acme_ee.Fleet as F", (("static", None, "acme_ee.Fleet", ()),)),
        Example("import acme_ee.*", (("static", None, "acme_ee", ("*",)),)),
        Example("class A : acme_ee.B<Int>()", (("static", None, "acme_ee.B", ()),)),
        Example("val x = acme_ee.B.go(1)", (("static", None, "acme_ee.B.go", ()),)),
        Example(
            f"fun f() {{ try {{ {_LOOK_UP} }} catch (e: ClassNotFoundException) {{ }} }}",
            (("dynamic", "try", "acme_ee.Fleet", ()),),
        ),
        Example(
            f"fun f() {{ try {{ {_LOOK_UP} }} catch (e: Exception) {{ throw e }} }}",
            (("dynamic", None, "acme_ee.Fleet", ()),),
        ),
        Example(
            f"val x = runCatching {{ {_LOOK_UP} }}", (("dynamic", "try", "acme_ee.Fleet", ()),)
        ),
        Example(
            f"fun f() {{ if (Flags.EE) {_LOOK_UP} }}",
            (("dynamic", "flag Flags.EE", "acme_ee.Fleet", ()),),
        ),
        Example(
            f"fun f() {{ if (!isEnterprise()) return\n    {_LOOK_UP} }}",
            (("dynamic", "flag isEnterprise()", "acme_ee.Fleet", ()),),
        ),
        Example('@ComponentScan("acme_ee") class A', (("dynamic", None, "acme_ee", ()),)),
        Example("// acme_ee.Fleet\nval ee = 1\nval acme_ee = ee"),
    ),
)
