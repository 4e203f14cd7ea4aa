# SPDX-License-Identifier: Apache-2.0
"""Maven's local repository: the licenses in the POM of each artifact.

A POM that leaves them to its parent says nothing here: parents are not followed.
"""

import os
import re
from collections.abc import Iterable, Iterator

from coreline.sources.installed.files import Said, Wanted, read_file

_LICENSES = re.compile(r"<licenses>(.*?)</licenses>", re.DOTALL)
_NAME = re.compile(r"<license>[^<]*(?:<url>[^<]*</url>\s*)?<name>([^<]*)</name>")


def cache_place() -> str:
    """Return where Maven keeps artifacts."""
    home = os.path.expanduser("~")  # noqa: PTH111 - paths are plain text here.
    return f"{home}/.m2/repository"


def cached(place: str, one: Wanted) -> str:
    """Return the folder of an artifact."""
    group, _, artifact = one.name.partition(":")
    return f"{place}/{group.replace('.', '/')}/{artifact}/{one.version}"


def read_cache(place: str, wanted: Iterable[Wanted]) -> Iterator[tuple[Wanted, Said]]:
    """Yield what the POMs of artifacts say: several licenses are a choice (POM reference)."""
    for one in wanted:
        artifact = one.name.partition(":")[2]
        data = read_file(f"{cached(place, one)}/{artifact}-{one.version}.pom")
        text = "" if data is None else data.decode("utf-8", "replace")
        table = _LICENSES.search(text)
        names = [] if table is None else [name.strip() for name in _NAME.findall(table[1])]
        if len(names) == 1:
            yield one, Said(names[0], "")
        elif names:
            yield one, Said(" OR ".join(names), "")
