# SPDX-License-Identifier: Apache-2.0
"""The one loader of extensions: the files of a folder, then entry points of the same name.

A kind of extension (a command, a language, a check, a format) is a folder of modules. Each module
ends in one typed constant. Adding an extension is adding one file; a package elsewhere adds one
through an entry point whose group is the folder's dotted name.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from importlib.metadata import entry_points
from types import ModuleType
from typing import TypeVar

from coreline.errors import InputError

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
    for point in entry_points(group=folder.__name__):
        yield _expect(point.load(), kind, f"{point.group}:{point.name}")


def _expect(value: object, kind: type[T], name: str) -> T:
    if isinstance(value, kind):
        return value
    raise InputError(
        "extension-wrong-kind",
        f"{name} is {type(value).__name__}, not {kind.__name__}.",
        f"End the module in a constant of type {kind.__module__}.{kind.__name__}.",
    )
