# SPDX-License-Identifier: Apache-2.0
"""What a check is handed: the line, the facts of every file, and what its references mean."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from coreline.boundary.facts import FileFacts, Reference
from coreline.boundary.model import NotAnalyzed
from coreline.boundary.resolve import Meant
from coreline.manifest.claims import Claim, Tie
from coreline.manifest.model import Manifest
from coreline.manifest.parse import ParsedManifest


class Resolved(NamedTuple):
    """A reference of a core file that means a wrap."""

    path: str
    reference: Reference
    meant: Meant


class Unreadable(NamedTuple):
    """A file that had to be analyzed and could not be."""

    path: str
    line: int
    reason: str


@dataclass(frozen=True)
class Subject:
    """One tree, read. Nothing here does input or output."""

    parsed: ParsedManifest
    claims: Mapping[str, Claim | Tie | None]
    facts: Mapping[str, FileFacts]
    """The facts of each file that has any."""
    references: Sequence[Resolved]
    gates: Sequence[tuple[str, Reference]]
    unreadable: Sequence[Unreadable]

    @property
    def manifest(self) -> Manifest:
        """The line."""
        return self.parsed.manifest

    def side_spdx(self, path: str) -> str | None:
        """Return the SPDX expression that the manifest gives a path; None where it is unclaimed."""
        claim = self.claims.get(path)
        if not isinstance(claim, Claim):
            return None
        if claim.side == "core":
            return self.manifest.core.spdx
        wrap = self.manifest.wraps.get(claim.wrap or "")
        return None if wrap is None else wrap.spdx

    def is_core(self, path: str) -> bool:
        """Whether a path is the core's."""
        claim = self.claims.get(path)
        return isinstance(claim, Claim) and claim.side == "core"


class Gathered(NamedTuple):
    """What reading a tree gave."""

    facts: dict[str, FileFacts]
    analyzed: int
    binary: int
    not_analyzed: list[NotAnalyzed]
    unreadable: list[Unreadable]


_TEST_FOLDERS = re.compile(r"(^|/)(tests?|testing|__tests__|spec|specs|e2e|e2e-tests)/")
_TEST_FILE = re.compile(r"^(conftest\.py|test_.*\.py|.*_tests?\.(py|go)|.*\.(test|spec)\.\w+)$")


def is_test(path: str) -> bool:
    """Whether a file belongs to the tests."""
    name = path.rpartition("/")[2]
    return _TEST_FOLDERS.search(path) is not None or _TEST_FILE.match(name) is not None
