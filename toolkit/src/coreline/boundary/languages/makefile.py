# SPDX-License-Identifier: Apache-2.0
"""Makefiles and justfiles: what the targets that a build of the core needs take from a wrap."""

from coreline.boundary.builds.resolving import resolver
from coreline.boundary.extension import Example, Language, Source
from coreline.boundary.facts import FileFacts


def _extract(source: Source) -> FileFacts:
    # Parsers are imported only when a file names a wrap: most runs parse nothing.
    from coreline.boundary.builds.recipes import extract

    return extract(source)


LANGUAGE = Language(
    name="makefile",
    sentence="What the targets of make and just take from a wrap, and which targets need it.",
    version=1,
    extract=_extract,
    examples=(
        Example("all:\n\t$(PIP) install -e ../ee/x\n", (("build", None, "../ee/x", ()),)),
        Example(
            "all: a\na:\n\tcp ee/x y\nb:\n\tcp ee/z y\n",
            (("build", None, "ee/x", ()), ("build", "target b", "ee/z", ())),
        ),
        Example("DIRS = src ee/src\ntest:\n\tpytest $(DIRS)\n", (("build", None, "ee/src", ()),)),
        Example(
            "-include ee/x.mk\ninclude ee/y.mk\n",
            (
                ("build", "try", "ee/x.mk", ()),
                ("build", None, "ee/y.mk", ()),
            ),
        ),
        Example("ifdef EE\ninclude ee/x.mk\nendif\n", (("build", "flag EE", "ee/x.mk", ()),)),
        Example("all:\n\t-cp ee/x y\n\t@echo ee/x\n# ee/x\n", (("build", "try", "ee/x", ()),)),
        Example("set shell := ['bash']\nbuild:\n  make -C ee\n", (("build", None, "ee/", ()),)),
    ),
    suffixes=frozenset([".mk", ".mak"]),
    filenames=("makefile", "makefile.*", "gnumakefile", "justfile", ".justfile"),
    always=True,
    resolver=resolver,
)
