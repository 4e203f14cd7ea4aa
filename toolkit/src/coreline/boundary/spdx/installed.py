# SPDX-License-Identifier: Apache-2.0
"""Which packages of lock files are worth looking for where they are installed."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from coreline.boundary.facts import FileFacts
from coreline.boundary.spdx_texts import read_license_text
from coreline.sources.installed.files import Wanted
from coreline.sources.installed.reading import read_installed
from coreline.sources.tree import SourceTree

if TYPE_CHECKING:
    from coreline.sources.cache import FactCache


def find_installed(
    tree: SourceTree, facts: Mapping[str, FileFacts], cache: "FactCache | None"
) -> dict[tuple[str, str, str], str]:
    """Return the licenses that installed packages state, by ecosystem, name and version.

    Args:
        tree: whose lock files they are.
        facts: of every file.
        cache: what earlier runs read.
    """
    locks = {
        path: [
            Wanted(one.ecosystem, one.name, one.version)
            for one in found.packages
            if not one.license and not one.is_dev
        ]
        for path, found in facts.items()
        if found.packages
    }
    wanted = {path: found for path, found in locks.items() if found}
    said = read_installed(tree, wanted, _classified, cache) if wanted else {}
    return {(one.ecosystem, one.name, one.version): license_ for one, license_ in said.items()}


def _classified(text: str) -> str:
    return read_license_text(text).spdx or ""
