# SPDX-License-Identifier: Apache-2.0
"""The one loader of extensions: the files of a folder, then entry points of the same name.

A kind of extension (a command, a language, a check, a format) is a folder of modules. Each module
ends in one typed constant. Adding an extension is adding one file; a package elsewhere adds one
through an entry point whose group is the folder's dotted name.
"""

import importlib
import importlib.util
import os
import pkgutil
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, TypeVar

from coreline.errors import InputError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

T = TypeVar("T")


def load(folder: ModuleType, constant: str, kind: type[T]) -> Iterator[T]:
    """Yield each extension of a kind, ours first in the order of their file names.

    Args:
        folder: the package whose modules are the extensions, such as ``coreline.boundary.checks``.
        constant: the name that each module ends in, such as ``CHECK``.
        kind: the type that the constant must have.

    Raises:
        InputError: an extension is not of the kind (``extension-wrong-kind``).
    """
    for info in pkgutil.iter_modules(folder.__path__):
        module = importlib.import_module(f"{folder.__name__}.{info.name}")
        yield _expect(getattr(module, constant, None), kind, f"{module.__name__}.{constant}")
    for point in _points(folder.__name__):
        yield _expect(point.load(), kind, f"{point.group}:{point.name}")


def load_named(folder: ModuleType, name: str, constant: str, kind: type[T]) -> T | None:
    """Return the extension of ours that a file is named after, without loading the others.

    None where no file has the name: an extension of another package may have it.
    """
    path = f"{folder.__name__}.{name}"
    if not name.isidentifier() or importlib.util.find_spec(path) is None:
        return None
    value = getattr(importlib.import_module(path), constant, None)
    return _expect(value, kind, f"{path}.{constant}")


def _expect(value: object, kind: type[T], name: str) -> T:
    if isinstance(value, kind):
        return value
    raise InputError(
        "extension-wrong-kind",
        f"{name} is {type(value).__name__}, not {kind.__name__}.",
        f"End the module in a constant of type {kind.__module__}.{kind.__name__}.",
    )


def _points(group: str) -> "Iterable[EntryPoint]":
    """Return the entry points of a group.

    ``importlib.metadata`` takes a third of a short command's time to import, and hardly any
    environment has a package that extends Coreline; so the files are looked through first.
    """
    if not _asks_elsewhere() and f"[{group}]".encode() not in _entry_point_files(tuple(sys.path)):
        return ()
    from importlib.metadata import entry_points

    return entry_points(group=group)


def _asks_elsewhere() -> bool:
    """Whether distributions may come from elsewhere than folders on Python's path."""
    ours = ("BuiltinImporter", "FrozenImporter", "PathFinder")
    return any(
        getattr(finder, "__name__", "") not in ours and hasattr(finder, "find_distributions")
        for finder in sys.meta_path
    ) or any(os.path.isfile(entry) for entry in sys.path)  # noqa: PTH113 - pathlib is not loaded.


@cache
def _entry_point_files(path: tuple[str, ...]) -> bytes:
    """Return the text of all entry points of the distributions on a path (PyPA's entry points)."""
    found = []
    for folder in path:
        try:
            names = os.listdir(folder or os.curdir)  # noqa: PTH208 - pathlib is not loaded.
        except OSError:
            continue
        for name in names:
            if name.endswith((".dist-info", ".egg-info", ".egg")):
                inner = "EGG-INFO/" if name.endswith(".egg") else ""
                try:
                    with open(f"{folder}/{name}/{inner}entry_points.txt", "rb") as file:  # noqa: PTH123 - as above.
                        found.append(file.read())
                except OSError:
                    continue
    return b"\n".join(found)
