# SPDX-License-Identifier: Apache-2.0
"""What style sheets take in: ``@import``, ``@use`` and ``url()`` of CSS, Sass and Less."""

import posixpath
import re
from collections.abc import Iterator
from itertools import islice

from coreline.boundary.extension import Resolve, Source
from coreline.boundary.facts import Form, Reference
from coreline.boundary.javascript.files import Files, Place, inside
from coreline.boundary.javascript.resolve import Resolver
from coreline.boundary.resolve import Meant
from coreline.boundary.text import Lines
from coreline.boundary.world import World

_RULES_MAX = 5000
_RULE = re.compile(
    rb"""@(?:import|use|forward|plugin|reference|config|source)\b[^;{}"'\n]{0,200}["']([^"'\n]{1,300})["']"""
    rb"""|\burl\(\s{0,99}["']?([^"')\s]{1,300})"""
)
_COMMENT = re.compile(rb"/\*.*?(?:\*/|\Z)|(?<![:\w\"'(])//[^\n]*", re.DOTALL)
_SUFFIXES = ("", ".scss", ".sass", ".css", ".less", ".styl", ".pcss")


def imports(source: Source, start: int, end: int) -> Iterator[Reference]:
    """Yield what the style sheet between two offsets takes in and names a wrap with."""
    if not any(start <= hit[0] < end for hit in source.hits):
        return
    lines = Lines(source.data)
    code = _COMMENT.sub(lambda match: b" " * len(match[0]), source.data[start:end])
    for match in islice(_RULE.finditer(code), _RULES_MAX):
        group = 1 if match[1] is not None else 2
        if source.names.search(match[group]):
            form: Form = "static" if group == 1 else "string"
            place = lines.place(start + match.start(group))
            module = match[group].decode("utf-8", "replace")
            yield Reference(place.line, place.column, form, module, text=place.text)


def style_resolver(world: World) -> Resolve:
    """Return what resolves the imports of style sheets."""
    modules, files = Resolver(world), Files(world)

    def meant(reference: Reference, path: str) -> Meant | None:
        text = reference.module
        place = _beside(files, inside(posixpath.dirname(path), text))
        # webpack's sass-loader and less-loader write the name of a package with a tilde.
        plain = text if text.startswith("~/") else text.removeprefix("~")
        wrap = modules.specifier(plain, path) if place is None else place.wrap
        return None if wrap is None else Meant(wrap, text)

    return meant


def _beside(files: Files, path: str | None) -> Place | None:
    """Return what a path relative to a style sheet leads to; Sass leaves "_" and suffixes away."""
    if path is None:
        return None
    folder, name = posixpath.split(path)
    for one in (name, f"_{name}"):
        for suffix in _SUFFIXES:
            place = files.place(posixpath.join(folder, one + suffix))
            if place.is_found:
                return place
    return None
