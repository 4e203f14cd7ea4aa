# SPDX-License-Identifier: Apache-2.0
"""Go modules in ``vendor/`` and in the module cache: they say their license by its text alone."""

import os
import re
from collections.abc import Iterable, Iterator

from coreline.sources.installed.files import Said, Wanted, license_text

PLACES = ("vendor",)


def read(place: str, wanted: Iterable[Wanted]) -> Iterator[tuple[Wanted, Said]]:
    """Yield the license texts of modules that ``go mod vendor`` copied."""
    for one in wanted:
        text = license_text(f"{place}/{one.name}")
        if text:
            yield one, Said("", text)


def cache_place() -> str:
    """Return where Go keeps modules."""
    home = os.path.expanduser("~")  # noqa: PTH111 - paths are plain text here.
    gopath = os.environ.get("GOPATH", f"{home}/go").split(os.pathsep)[0]
    return os.environ.get("GOMODCACHE") or f"{gopath}/pkg/mod"


def cached(place: str, one: Wanted) -> str:
    """Return the folder of a module in Go's cache."""
    # Capitals are written as "!" and the small letter (golang.org/ref/mod, module cache).
    escaped = re.sub("[A-Z]", lambda match: f"!{match[0].lower()}", f"{one.name}@{one.version}")
    return f"{place}/{escaped}"


def read_cache(place: str, wanted: Iterable[Wanted]) -> Iterator[tuple[Wanted, Said]]:
    """Yield the license texts of modules in Go's own cache."""
    for one in wanted:
        text = license_text(cached(place, one))
        if text:
            yield one, Said("", text)
