# SPDX-License-Identifier: Apache-2.0
"""NuGet's folder of packages: the license expression in the ``.nuspec`` of each."""

import os
import re
from collections.abc import Iterable, Iterator

from coreline.sources.installed.files import Said, Wanted, read_file

_LICENSE = re.compile(r'<license type="expression">([^<]*)</license>')


def cache_place() -> str:
    """Return where NuGet unpacks packages."""
    home = os.path.expanduser("~")  # noqa: PTH111 - paths are plain text here.
    return os.environ.get("NUGET_PACKAGES") or f"{home}/.nuget/packages"


def cached(place: str, one: Wanted) -> str:
    """Return the folder of a package: names are in small letters there."""
    return f"{place}/{one.name.lower()}/{one.version.lower()}"


def read_cache(place: str, wanted: Iterable[Wanted]) -> Iterator[tuple[Wanted, Said]]:
    """Yield what the packages say."""
    for one in wanted:
        data = read_file(f"{cached(place, one)}/{one.name.lower()}.nuspec")
        match = None if data is None else _LICENSE.search(data.decode("utf-8", "replace"))
        if match is not None:
            yield one, Said(match[1].strip(), "")
