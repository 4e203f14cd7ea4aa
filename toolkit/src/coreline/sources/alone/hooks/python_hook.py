# SPDX-License-Identifier: Apache-2.0
"""Loaded by every Python that a test of the core starts: makes the wrap absent.

It is copied as ``sitecustomize.py`` into a folder on ``PYTHONPATH``, with a JSON file beside it.
The interpreter may be any Python 3, so it is written for all of them and imports little: types
stand in quotes.
"""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any

HERE = os.path.dirname(os.path.abspath(__file__))


def _normal(name: str) -> str:
    out: list[str] = []
    for char in name.lower():
        if char not in "-_.":
            out.append(char)
        elif not out or out[-1] != "-":
            out.append("-")
    return "".join(out)


class Blocker:
    """A finder that comes first: it refuses the wrap, and moves the repository to the core."""

    def __init__(self, told: "dict[str, Any]") -> None:
        self.modules: dict[str, str] = told["modules"]
        self.packages: dict[str, str] = told["packages"]
        self.repository: str = told["repository"]
        self.core: str = told["core"]
        self.asking = False
        self.folders: dict[str, list[tuple[str, str]]] = {}

    def find_spec(
        self, name: str, path: "Sequence[str] | None" = None, target: "ModuleType | None" = None
    ) -> "ModuleSpec | None":
        """Refuse a module of the wrap; look one of the repository up in the core's files."""
        wrap = self.wrap_of(name)
        if wrap is not None:
            raise self.refused(name, wrap)
        if path is not None or self.asking:
            return None
        self.asking = True
        try:
            spec = self.ask(name, path, target)
        finally:
            self.asking = False
        if spec is None:
            return None
        places = [spec.origin] if spec.origin else []
        places += list(spec.submodule_search_locations or [])
        for place in places:
            if self.is_moved(place):
                return self.found_in_core(name, place)
        wrap = self.installed_by(places)
        if wrap is not None:
            raise self.refused(name, wrap)
        return spec

    def ask(
        self, name: str, path: "Sequence[str] | None", target: "ModuleType | None"
    ) -> "ModuleSpec | None":
        """Ask the other finders."""
        for finder in sys.meta_path:
            find = getattr(finder, "find_spec", None)
            if finder is self or find is None:
                continue
            spec: ModuleSpec | None = find(name, path, target)
            if spec is not None:
                return spec
        return None

    def wrap_of(self, name: str) -> "str | None":
        """Return the wrap that a module is of by its name."""
        while name:
            if name in self.modules:
                return self.modules[name]
            name = name.rpartition(".")[0]
        return None

    def refused(self, name: str, wrap: str) -> ImportError:
        """Return the error that a core gets where the wrap does not exist."""
        whose = wrap if wrap == "outside the core" else "of the wrap " + wrap
        text = "No module named '{0}': it is {1}, blocked by coreline check --standalone"
        return ModuleNotFoundError(text.format(name, whose), name=name)

    def is_moved(self, place: str) -> bool:
        """Whether a file is one of the repository itself, not of an environment inside it."""
        try:
            place = os.path.realpath(place)
        except OSError:
            # The current folder was removed, and the place is relative to it.
            return False
        if not place.startswith(self.repository + os.sep):
            return False
        parts = place[len(self.repository) :].split(os.sep)
        return not (
            "site-packages" in parts
            or "dist-packages" in parts
            or place.startswith((os.path.realpath(sys.prefix) + os.sep, self.core + os.sep))
        )

    def found_in_core(self, name: str, place: str) -> "ModuleSpec":
        """Look a module of the repository up where only the core is."""
        from importlib.machinery import PathFinder

        inner = os.path.relpath(os.path.realpath(place), self.repository)
        folder = os.path.dirname(os.path.join(self.core, inner))
        if os.path.basename(place).startswith("__init__."):
            folder = os.path.dirname(folder)
        spec = PathFinder.find_spec(name, [folder])
        if spec is None:
            # Returning None would let the next finder return the repository's own file.
            raise self.refused(name, "outside the core")
        return spec

    def installed_by(self, places: "Iterable[str]") -> "str | None":
        """Return the wrap whose installed package holds a file."""
        for place in places:
            folder = os.path.dirname(place)
            while folder and os.path.basename(folder) not in ("site-packages", "dist-packages"):
                folder, before = os.path.dirname(folder), folder
                if folder == before:
                    break
            else:
                for top, wrap in self.tops(folder):
                    if place == top or place.startswith(top + os.sep):
                        return wrap
        return None

    def tops(self, folder: str) -> "list[tuple[str, str]]":
        """Return what the packages of the wrap have put into a folder."""
        if folder not in self.folders:
            found: list[tuple[str, str]] = []
            self.folders[folder] = found
            try:
                names = os.listdir(folder)
            except OSError:
                names = []
            for entry in names:
                wrap = self.wrap_of_distribution(entry)
                if wrap is None:
                    continue
                try:
                    with open(os.path.join(folder, entry, "RECORD"), "rb") as record:
                        rows = record.read().decode("utf-8", "replace").splitlines()
                except OSError:
                    rows = []
                tops = {row.split(",")[0].split("/")[0] for row in rows}
                tops -= {"", "..", "__pycache__", entry}
                found += [(os.path.join(folder, top), wrap) for top in tops]
        return self.folders[folder]

    def wrap_of_distribution(self, entry: str) -> "str | None":
        """Return the wrap whose package a folder of metadata describes."""
        for suffix in (".dist-info", ".egg-info"):
            if entry.endswith(suffix):
                return self.packages.get(_normal(entry[: -len(suffix)].split("-")[0]))
        return None

    def hide_distributions(self) -> None:
        """Leave the wrap's packages out of what importlib.metadata lists, entry points included."""
        from importlib.machinery import PathFinder

        plain = getattr(PathFinder, "find_distributions", None)
        if plain is None:
            return

        def find_distributions(*given: "Any", **named: "Any") -> "Iterator[Any]":
            for found in plain(*given, **named):
                where = getattr(found, "_path", None)
                name = getattr(where, "name", "")
                if not name or self.wrap_of_distribution(name) is None:
                    yield found

        setattr(PathFinder, "find_distributions", staticmethod(find_distributions))  # noqa: B010 - a patch that no type knows.


def _start() -> None:
    with open(os.path.join(HERE, "coreline_alone.json")) as file:
        # JSON of texts alone is a literal of Python. Importing json would change what the tests
        # of a core see: whether the core itself imports it.
        told = eval(file.read(), {"__builtins__": {}})  # noqa: S307 - coreline wrote the file.
    blocker = Blocker(told)
    # An editable install has put the repository on the path: the core's own files stand there.
    for index, entry in enumerate(sys.path):
        if entry and entry != HERE and blocker.is_moved(entry):
            inner = os.path.relpath(os.path.realpath(entry), blocker.repository)
            sys.path[index] = os.path.join(blocker.core, inner)
    sys.meta_path.insert(0, blocker)
    blocker.hide_distributions()
    _continue()


def _absolute(entry: str) -> str:
    """Return a folder of the path; nothing for the current one where it was removed."""
    try:
        return os.path.abspath(entry or ".")
    except OSError:
        return ""


def _continue() -> None:
    """Load the user's own sitecustomize, which stands behind this one."""
    from importlib.machinery import PathFinder

    rest = [entry for entry in sys.path if _absolute(entry) != HERE]
    spec = PathFinder.find_spec("sitecustomize", rest)
    if spec is not None and spec.loader is not None:
        from importlib.util import module_from_spec

        spec.loader.exec_module(module_from_spec(spec))


if __name__ == "sitecustomize":
    _start()
