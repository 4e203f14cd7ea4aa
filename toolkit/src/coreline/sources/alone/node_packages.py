# SPDX-License-Identifier: Apache-2.0
"""Installed npm packages made visible to the core alone: git has none, and tests need them.

A folder ``node_modules`` is made beside each ``package.json`` of the core, of links to what is
installed in the user's. A package that is of the repository itself (a workspace) is linked to the
core's own files, and is absent where the core has none.
"""

from collections.abc import Container, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

NODE_MODULES = "node_modules"


def link_packages(
    repository: Path, core: Path, folders: Iterable[str], refused: Container[str]
) -> int:
    """Link installed packages and return how many folders of them there are.

    Args:
        repository: the user's work tree.
        core: the folder with the core's files alone.
        folders: of the core's ``package.json`` files, from the root.
        refused: packages that are of a wrap.
    """
    made = 0
    for folder in sorted(set(folders)):
        installed = repository / folder / NODE_MODULES
        target = core / folder / NODE_MODULES
        if installed.is_dir() and not target.exists():
            made += 1
            with suppress(OSError):
                for name, place in _packages(installed):
                    if name not in refused:
                        _link(place, target / name, repository.resolve(), core)
    return made


def _packages(installed: Path) -> Iterator[tuple[str, Path]]:
    """Yield each package below a ``node_modules``, those of a scope one by one."""
    for entry in sorted(installed.iterdir()):
        if entry.name.startswith("@") and entry.is_dir():
            yield from ((f"{entry.name}/{one.name}", one) for one in sorted(entry.iterdir()))
        else:
            yield entry.name, entry


def _link(place: Path, target: Path, repository: Path, core: Path) -> None:
    real = place.resolve()
    if real.is_relative_to(repository):
        inner = real.relative_to(repository)
        if NODE_MODULES not in inner.parts:
            real = core.resolve() / inner
    if real.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(real)
