# SPDX-License-Identifier: Apache-2.0
"""What of a tree's paths can matter to the references of its files: trees that agree in it are one.

A resolver looks for files and folders by the words of a reference. A file whose name has none of
the words of any reference can come and go without changing what any of them means. So these are
compared, and nothing else:

- every file of a wrap, and which folders hold files of whom;
- files of the core with a word in their names, and those that make a folder a root of modules;
- of a folder with a word as its name: that it is there, and files of which suffixes it holds.
"""

import re
from collections.abc import Iterable, Sequence

from coreline.boundary.facts import FileFacts
from coreline.boundary.history.contents import number_of
from coreline.boundary.history.trees import File, Forest, Place
from coreline.boundary.names import Names
from coreline.boundary.ownership import CORE

_ROOT_FILES = frozenset(["pyproject.toml", "setup.py", "setup.cfg", "manage.py"])
# What stands for the folder that it lies in.
_STANDING_FOR_FOLDERS = frozenset(["index", "init", "mod", "main", "lib", "package"])
_SEGMENT = re.compile(r"[^/\\:\s]+")
_WORD = re.compile(r"[\w-]+")


class Words:
    """The words of references, alike however they are spelled: ``fleet_size``, ``FleetSize``."""

    def __init__(self) -> None:
        self._words: set[str] = set()
        self._seen: set[str] = set()

    def add_facts(self, facts: FileFacts) -> None:
        """Add what the references and the settings of a file ask for."""
        for reference in facts.references:
            self.add((reference.module, *reference.names))
        for setting in facts.settings:
            self.add((setting.name, setting.value))

    def add_names(self, names: Names) -> None:
        """Add the names of the wraps."""
        for field in names.__struct_fields__:
            value = getattr(names, field)
            if isinstance(value, tuple):
                self.add(text for one in value for text in one if isinstance(text, str))
            else:
                self.add(value)

    def add(self, texts: Iterable[str]) -> None:
        """Add the words of some texts."""
        for text in texts:
            if text not in self._seen:
                self._seen.add(text)
                for segment in _SEGMENT.findall(text):
                    self._words.update(map(_alike, (segment, *_WORD.findall(segment))))

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and _alike(name) in self._words

    def in_file(self, name: str) -> bool:
        """Whether the name of a file is a word, with or without its suffixes."""
        return name in self or name.partition(".")[0] in self or name.rpartition(".")[0] in self


def _alike(word: str) -> str:
    return word.replace("_", "").replace("-", "").lower()


def shapes_of(forest: Forest, words: Words) -> dict[bytes, int]:
    """Return a number for the shape of each root: equal where all that can matter is."""
    files = [_of_file(file, words) for file in forest.files]
    done: dict[Place, tuple[int, frozenset[str]]] = {}
    named: dict[str, bool] = {}
    for level in forest.levels():
        for place in level:
            done[place] = _of_folder(place, forest.entries(place), files, done, words, named)
    return {tree: total for (folder, tree), (total, _) in done.items() if not folder}


def _of_file(file: File, words: Words) -> int:
    folder, _, name = file.path.rpartition("/")
    matters = file.owner != CORE or name in _ROOT_FILES or words.in_file(name)
    if not matters and _alike(name.partition(".")[0]) in _STANDING_FOR_FOLDERS:
        matters = folder.rpartition("/")[2] in words
    return number_of(file.path, file.owner) if matters else 0


def _of_folder(
    place: Place,
    entries: Sequence[File | Place],
    files: Sequence[int],
    done: dict[Place, tuple[int, frozenset[str]]],
    words: Words,
    named: dict[str, bool],
) -> tuple[int, frozenset[str]]:
    """Return the number of a folder and the owners of what is in it."""
    folder = place[0]
    total = 0
    owners: frozenset[str] = frozenset()
    is_package = False
    for one in entries:
        if isinstance(one, File):
            total += files[one.number]
            if one.owner not in owners:
                owners |= {one.owner}
            is_package = is_package or one.path.endswith("/__init__.py")
        else:
            below, others = done[one]
            total += below
            if not others <= owners:
                owners |= others
    if folder not in named:
        named[folder] = folder.rpartition("/")[2] in words
    if owners - {CORE}:
        total += number_of(folder, "owners", *sorted(owners))
    if named[folder] or _holds_wrap(entries):
        total += number_of(folder, "holds", *sorted(_suffixes(entries)))
    if total and is_package:
        # What is below a package is no root of modules.
        total += number_of(folder, "package")
    return total, owners


def _holds_wrap(entries: Iterable[File | Place]) -> bool:
    return any(isinstance(one, File) and one.owner != CORE for one in entries)


def _suffixes(entries: Iterable[File | Place]) -> set[str]:
    return {
        one.path[one.path.rfind(".") :]
        for one in entries
        if isinstance(one, File) and one.owner == CORE
    }
