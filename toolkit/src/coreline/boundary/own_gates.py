# SPDX-License-Identifier: Apache-2.0
"""License checks that a vendor wrote and nobody declared: found by where and how they are defined.

Conservative, since most functions with "license" in their names check none: the name of the file
or its folder must speak of licenses, editions or a wrap, the function's name must be a question
about them made of such words alone, and what it does must speak of them too.
"""

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from coreline.boundary.defining import remembered
from coreline.boundary.extension import Language
from coreline.boundary.facts import Definition
from coreline.boundary.kinds import Kinds
from coreline.boundary.ownership import CORE
from coreline.boundary.subject import is_test
from coreline.boundary.world import Defined
from coreline.sources.tree import Entry, SourceTree

if TYPE_CHECKING:
    from coreline.sources.cache import FactCache

_VERSION = 2
SIZE_MAX = 512 * 1024
_FILE = re.compile(
    r"licen[sc]e|licen[sc]ing|entitle|(?<![a-z])editions?(?![a-z])|enterprise|premium"
    r"|(?:^|[_./-])ee(?![a-z])",
    re.IGNORECASE,
)


def find_own_gates(
    languages: Iterable[Language],
    tree: SourceTree,
    entries: Iterable[Entry],
    owners: Mapping[str, str],
    cache: "FactCache | None",
    *,
    product: str,
) -> list[Defined]:
    """Return the license checks that files of the core define.

    Args:
        languages: all languages.
        tree: reads the files.
        entries: all files.
        owners: the owner of each.
        cache: what earlier runs found; None reads the files again.
        product: the product's name: a file of that name may say which edition runs.
    """
    kinds = Kinds(list(languages))
    asked = [
        (entry, language)
        for entry in entries
        if may_define(entry.path, product) and owners[entry.path] == CORE
        if entry.kind in ("file", "executable")
        if (language := kinds.of(entry.path)) is not None and language.grammar is not None
    ]
    return remembered(asked, _gates, tree, owners, cache, f"own gates {_VERSION}".encode())


def may_define(path: str, product: str) -> bool:
    """Whether the name of a file or its folder speaks of licenses, editions or the product.

    A test's does not count.
    """
    low = path.lower()
    is_near = (
        "licen" in low
        or "ee" in low
        or "premium" in low
        or "enterprise" in low
        or "edition" in low
        or "entitl" in low
        or f"/{product}." in f"/{low}"
    )
    if not is_near:
        # Nearly every path ends here, and there may be a hundred thousand.
        return False
    folder, _, name = path.rpartition("/")
    stem = name.partition(".")[0]
    said = f"{folder.rpartition('/')[2]}/{stem}"
    is_named = _FILE.search(said) is not None or stem.lower() == product.lower()
    return is_named and not is_test(path)


def _gates(language: Language, data: bytes) -> list[Definition]:
    # Imported only where a file is read, as its expressions take a while to compile.
    from coreline.boundary.gate_functions import gates_in

    del language
    return list(gates_in(data)) if len(data) <= SIZE_MAX else []
