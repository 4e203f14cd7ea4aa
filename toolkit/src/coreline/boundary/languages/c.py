# SPDX-License-Identifier: Apache-2.0
"""C: includes, under which conditions they are compiled, and libraries that are loaded by name."""

from coreline.boundary.extension import Example, Language
from coreline.boundary.later import extracting, guarding, naming, resolving

LANGUAGE = Language(
    name="c",
    sentence="Includes, the conditions of the preprocessor, and libraries loaded by name.",
    version=1,
    extract=extracting("coreline.boundary.native.include", "extract_c"),
    words=naming("coreline.boundary.native.headers"),
    resolver=resolving("coreline.boundary.native.headers"),
    suffixes=frozenset([".c", ".h", ".m"]),
    grammar=("tree_sitter_c", "language"),
    guard=guarding("coreline.boundary.native.include", "C"),
    examples=(
        Example('#include "ee/fleet.h"', (("static", None, "ee/fleet.h", ()),)),
        Example("#include <ee/fleet.h>", (("static", None, "ee/fleet.h", ()),)),
        Example(
            '#ifdef ACME_EE\n#include "ee/fleet.h"\n#endif',
            (("static", "flag ACME_EE", "ee/fleet.h", ()),),
        ),
        Example(
            '#if defined(ACME_EE) && PG16_GE\n#include "ee/fleet.h"\n#endif',
            (("static", "flag ACME_EE", "ee/fleet.h", ()),),
        ),
        Example(
            '#ifdef _WIN32\n#include "ee/fleet.h"\n#endif', (("static", None, "ee/fleet.h", ()),)
        ),
        Example(
            '#ifndef APP_H\n#define APP_H\n#include "ee/fleet.h"\n#endif',
            (("static", None, "ee/fleet.h", ()),),
        ),
        Example(
            '#if __has_include("ee/fleet.h")\n#include "ee/fleet.h"\n#endif',
            (("static", "probe", "ee/fleet.h", ()),),
        ),
        Example('#if 0\n#include "ee/fleet.h"\n#endif'),
        Example(
            'void f(void) { dlopen("ee/fleet.so", 1); }', (("dynamic", None, "ee/fleet.so", ()),)
        ),
        Example(
            'void f(void) { if (getenv("EE")) dlopen("ee/fleet.so", 1); }',
            (("dynamic", "flag env EE", "ee/fleet.so", ()),),
        ),
        Example('char *f = "ee/fleet.so";', (("string", None, "ee/fleet.so", ()),)),
        Example('#define LIBRARY "acme-ee"', (("string", None, "acme-ee", ()),)),
        Example('/* #include "ee/fleet.h" */\nint ee = 1;'),
    ),
)
