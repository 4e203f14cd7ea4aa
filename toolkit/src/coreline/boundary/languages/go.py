# SPDX-License-Identifier: Apache-2.0
"""Go: imports, build constraints, directives, and packages that strings name."""

from coreline.boundary.extension import Example, Language
from coreline.boundary.go.extract import extract
from coreline.boundary.go.packages import resolver
from coreline.boundary.go.symbols import define

_FLEET = "example.com/acme/ee/fleet"

LANGUAGE = Language(
    name="go",
    sentence="Imports, `//go:` directives, cgo and strings; build tags that a default build does"
    " not set are guards.",
    version=4,
    grammar=("tree_sitter_go", "language"),
    extract=extract,
    define=define,
    resolver=resolver,
    examples=(
        Example(f'package a\nimport "{_FLEET}"\n', (("static", None, _FLEET, ()),)),
        Example(f'package a\nimport _ "{_FLEET}"\n', (("static", None, _FLEET, ()),)),
        Example(
            f'//go:build ee && linux\n\npackage a\nimport "{_FLEET}"\n',
            (("static", "build tag ee", _FLEET, ()),),
        ),
        Example(
            f'//go:build !ee\n\npackage a\nimport "{_FLEET}"\n', (("static", None, _FLEET, ()),)
        ),
        Example(
            f'// +build ee\n\npackage a\nimport "{_FLEET}"\n',
            (("static", "build tag ee", _FLEET, ()),),
        ),
        Example(
            'package a\nimport _ "embed"\n//go:embed ee/page.html\nvar page string\n',
            (("path", None, "ee/page.html", ()),),
        ),
        Example(
            "package a\n//go:generate go run ./ee/gen\nvar a = 1\n",
            (("string", None, "./ee/gen", ()),),
        ),
        Example(
            f"package a\n//go:linkname key {_FLEET}.key\nfunc key() string\n",
            (("dynamic", None, f"{_FLEET}.key", ()),),
        ),
        Example(
            'package a\n// #include "ee/fleet.h"\nimport "C"\n',
            (("path", None, "ee/fleet.h", ()),),
        ),
        Example(
            'package a\nvar p, err = plugin.Open("ee/fleet.so")\n',
            (("dynamic", None, "ee/fleet.so", ()),),
        ),
        Example(f'package a\nvar wanted = "{_FLEET}"\n', (("string", None, _FLEET, ()),)),
        Example("package a\n// ee/fleet plugs in here.\nvar b = 1\n"),
    ),
    suffixes=frozenset([".go"]),
)
