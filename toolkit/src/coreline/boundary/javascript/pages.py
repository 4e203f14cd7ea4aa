# SPDX-License-Identifier: Apache-2.0
"""Pages and templates in HTML: scripts as in components, and templates that take in others."""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import islice

from msgspec.structs import replace

from coreline.boundary.extension import Resolve, Source
from coreline.boundary.facts import FileFacts, Reference
from coreline.boundary.javascript.markup import component
from coreline.boundary.javascript.resolve import Resolver
from coreline.boundary.ownership import CORE
from coreline.boundary.resolve import Meant
from coreline.boundary.text import Lines
from coreline.boundary.world import World

_TAGS_MAX = 5000
# Django, Jinja, Nunjucks, Twig and Liquid agree on these.
_TAG = re.compile(
    rb"""\{%[-+]?\s{0,20}(include|extends|import|from|static|embed|render)\s{0,20}\(?\s{0,20}"""
    rb"""["']([^"'\n]{1,300})["']([^%\n]{0,200})%\}"""
)
_LENIENT = re.compile(rb"ignore[ _]missing")
# Template engines look names up below folders of these names, whichever application has them.
_ROOTS = ("/templates/", "/static/", "/views/", "/_includes/")


def page(source: Source) -> FileFacts:
    """Return the references of a page."""
    facts = component(source, sources_are_imports=False)
    every = sorted((*facts.references, *_tags(source)), key=lambda one: (one.line, one.column))
    return replace(facts, references=tuple(every))


def _tags(source: Source) -> Iterator[Reference]:
    lines = Lines(source.data)
    for match in islice(_TAG.finditer(source.data), _TAGS_MAX):
        if not source.names.search(match[2]):
            continue
        place = lines.place(match.start(2))
        is_lenient = _LENIENT.search(match[3]) is not None
        yield Reference(
            place.line,
            place.column,
            "string",
            match[2].decode("utf-8", "replace"),
            guard="try" if is_lenient else None,
            # A link to a file that is not there is shown all the same.
            needed=match[1] != b"static",
            is_name=False,
            text=place.text,
        )


def page_resolver(world: World) -> Resolve:
    """Return what resolves the references of pages."""
    return _Pages(world).meant


class _Pages:
    def __init__(self, world: World) -> None:
        self._world = world
        self._modules = Resolver(world)

    def meant(self, reference: Reference, path: str) -> Meant | None:
        found = self._modules.meant(reference, path)
        if found is not None or reference.form != "string":
            return found
        wrap = self._named.get(reference.module)
        return Meant(wrap, reference.module) if wrap else None

    @cached_property
    def _named(self) -> Mapping[str, str]:
        """The owner of each file below a folder of templates, by the name it is looked up by."""
        found: dict[str, str] = {}
        for path, owner in self._world.owners.items():
            for root in _ROOTS:
                at = path.find(root)
                if at >= 0:
                    name = path[at + len(root) :]
                    # The core's own file of the name may be the one that is meant.
                    found[name] = CORE if owner == CORE else found.get(name, owner)
        return found
