# SPDX-License-Identifier: Apache-2.0
"""C++: includes, under which conditions they are compiled, and libraries loaded by name."""

from coreline.boundary.extension import Example, Language
from coreline.boundary.later import extracting, guarding, resolving

LANGUAGE = Language(
    name="cpp",
    sentence="Includes, the conditions of the preprocessor, and libraries loaded by name.",
    version=1,
    extract=extracting("coreline.boundary.native.include", "extract_cpp"),
    # The words of both are C's.
    resolver=resolving("coreline.boundary.native.headers"),
    suffixes=frozenset(
        [
            ".cc",
            ".cpp",
            ".cxx",
            ".c++",
            ".hh",
            ".hpp",
            ".hxx",
            ".h++",
            ".inl",
            ".ipp",
            ".tcc",
            ".mm",
        ]
    ),
    grammar=("tree_sitter_cpp", "language"),
    guard=guarding("coreline.boundary.native.include", "CPP"),
    examples=(
        Example("#include <ee/fleet.hpp>", (("static", None, "ee/fleet.hpp", ()),)),
        Example(
            "#if ACME_EE\n#else\n#include <ee/fleet.hpp>\n#endif",
            (("static", "flag ACME_EE", "ee/fleet.hpp", ()),),
        ),
        Example(
            'void f() { try { load("ee/x.so"); dlopen("ee/x.so", 1); } catch (...) { } }',
            (("string", "try", "ee/x.so", ()), ("dynamic", "try", "ee/x.so", ())),
        ),
        Example('auto a = "see ee/fleet.hpp there"; // ee/fleet.hpp'),
    ),
)
