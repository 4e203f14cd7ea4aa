# SPDX-License-Identifier: Apache-2.0
"""Reads a YAML file hit by hit: each with the keys that lead to it, by one kind of file's rules."""

from collections.abc import Callable, Sequence

from tree_sitter import Node

from coreline.boundary.builds.commands import Commands
from coreline.boundary.builds.words import all_hits
from coreline.boundary.builds.yaml import Place, Yaml
from coreline.boundary.extension import Source
from coreline.boundary.facts import EMPTY, FileFacts

Hit = tuple[int, int]


class YamlFile:
    """One YAML file and what is found in it.

    Args:
        source: the file.
        hits: where names of a wrap stand, words alone included.
        bare: the beginnings of words alone.
    """

    def __init__(self, source: Source, hits: Sequence[Hit], bare: set[int]) -> None:
        self.data = source.data
        self.hits = hits
        self.yaml = Yaml(source.data)
        self.commands = Commands(source, hits, bare)
        self._shells: set[int] = set()

    def names_wrap(self, node: Node | None) -> bool:
        """Whether a name of a wrap stands in a node."""
        return node is not None and any(
            node.start_byte <= start < node.end_byte for start, _ in self.hits
        )

    def shell(self, scalar: Node, guard: str | None, *, needed: bool = True) -> None:
        """Read a scalar as shell, once for all hits in it."""
        if scalar.start_byte not in self._shells:
            self._shells.add(scalar.start_byte)
            self.commands.read(self.yaml.shell(scalar, guard, needed=needed))


def read(source: Source, handle: Callable[[YamlFile, Place, Hit], None]) -> FileFacts:
    """Return the facts of a YAML file.

    Args:
        source: the file.
        handle: is called with each hit that stands in a key or a value, in order.
    """
    hits, bare = all_hits(source)
    if not hits:
        return EMPTY
    file = YamlFile(source, hits, bare)
    for hit in hits:
        place = file.yaml.place(*hit)
        if place is None or (place.scalar is None and not place.is_comment):
            # Nested too deeply, or a template that is no YAML yet.
            file.commands.mention(hit)
        elif not place.is_comment:
            handle(file, place, hit)
    commands = file.commands
    return FileFacts(references=commands.references(), settings=tuple(commands.copies))
