# SPDX-License-Identifier: Apache-2.0
"""Crates in ``vendor/`` and in Cargo's registry: the ``license`` of their Cargo.toml."""

import os
import re
from collections.abc import Iterable, Iterator

from coreline.sources.installed.files import Said, Wanted, names_in, read_file

PLACES = ("vendor",)

_LICENSE = re.compile(r'^license = "([^"\n]*)"', re.MULTILINE)


def read(place: str, wanted: Iterable[Wanted]) -> Iterator[tuple[Wanted, Said]]:
    """Yield what crates that ``cargo vendor`` copied say."""
    for one in wanted:
        for folder in (f"{place}/{one.name}-{one.version}", f"{place}/{one.name}"):
            said = _license(folder)
            if said:
                yield one, Said(said, "")
                break


def cache_place() -> str:
    """Return where Cargo unpacks crates: the folder of the registry that has most."""
    home = os.path.expanduser("~")  # noqa: PTH111 - paths are plain text here.
    sources = f"{os.environ.get('CARGO_HOME') or f'{home}/.cargo'}/registry/src"
    return max((f"{sources}/{name}" for name in names_in(sources)), key=_size, default=sources)


def _size(folder: str) -> int:
    return len(names_in(folder))


def cached(place: str, one: Wanted) -> str:
    """Return the folder of a crate in Cargo's registry."""
    return f"{place}/{one.name}-{one.version}"


def read_cache(place: str, wanted: Iterable[Wanted]) -> Iterator[tuple[Wanted, Said]]:
    """Yield what crates in Cargo's own registry say."""
    for one in wanted:
        said = _license(cached(place, one))
        if said:
            yield one, Said(said, "")


def _license(folder: str) -> str:
    data = read_file(f"{folder}/Cargo.toml")
    match = None if data is None else _LICENSE.search(data.decode("utf-8", "replace"))
    return "" if match is None else match[1]
