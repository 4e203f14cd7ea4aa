# SPDX-License-Identifier: Apache-2.0
"""What a check is handed: the line, the facts of every file, and what its references mean."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct

from coreline.boundary.facts import FileFacts, Reference
from coreline.boundary.likeness import Alike
from coreline.boundary.model import NotAnalyzed
from coreline.boundary.resolve import Meant
from coreline.boundary.world import Defined, World
from coreline.manifest.claims import Claim, Line, Tie
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


class Subject(Struct, frozen=True, kw_only=True, dict=True):
    """One tree, read. Nothing here does input or output."""

    parsed: ParsedManifest
    line: Line
    """The claims, asked about the paths of this tree and no other."""
    claims: Mapping[str, Claim | Tie | None]
    facts: Mapping[str, FileFacts]
    """The facts of each file that has any."""
    references: Sequence[Resolved]
    gates: Sequence[tuple[str, Reference]]
    unreadable: Sequence[Unreadable]
    world: World
    own_gates: Sequence[Defined] = ()
    """License checks that the core defines."""
    tops: Mapping[str, str]
    """The highest files and folders that are wholly a wrap's, with the wrap's name."""
    alike: Sequence[Alike] = ()
    """Files of the core that are nearly copies of a wrap's."""
    installed: Mapping[tuple[str, str, str], str] = {}
    """What installed packages say of their license, by ecosystem, name and version."""

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

    def side_name(self, path: str) -> str:
        """Return the side of a path for a sentence."""
        claim = self.claims.get(path)
        is_wrap = isinstance(claim, Claim) and claim.side == "wrap"
        return f"the wrap {claim.wrap}" if is_wrap and isinstance(claim, Claim) else "the core"

    def is_license_text(self, path: str) -> bool:
        """Whether a file is, by its name, a license text."""
        return is_license_name(path)

    def manifest_line(self, key: tuple[str | int, ...]) -> str:
        """Return the line of the manifest where a key stands."""
        number = self.parsed.position(key).line
        return self.parsed.text.splitlines()[number - 1] if self.parsed.text else ""

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


_LICENSE_NAME = re.compile(r"^(licen[sc]e|copying|unlicense)([.-].*)?$", re.IGNORECASE)
_TEST_FOLDERS = re.compile(
    r"(^|/)(tests?|testing|__tests__|__mocks__|specs?|e2e|e2e-tests|bench|benchmarks?"
    r"|testdata|step_definitions|benches|Tests?|[\w.-]+\.(\w+)?Tests?"
    # The source sets of Gradle, as Android and Kotlin's platforms name them.
    r"|src/(\w+Test|testFixtures))/"
)
_TEST_FILE = re.compile(
    r"^(conftest\.py|test_.*\.(py|c|cc|cpp)|tests\.rs|.*\.phpt|.*_unittest\.(cc|cpp)"
    r"|.*_tests?\.(py|go|rb|cc|cpp|c|rs)|.*_spec\.rb|(spec|test)_helper\.rb"
    r"|.*\.((client|server|unit|integration|e2e)?test|spec|cy|stories)\.\w+|.*(Tests?|IT|Spec)\.(java|kts?|cs|php|groovy|scala))$"
)


def is_license_name(path: str) -> bool:
    """Whether a file is, by its name, a license text."""
    return _LICENSE_NAME.match(path.rpartition("/")[2]) is not None


def is_test(path: str) -> bool:
    """Whether a file belongs to the tests or benchmarks: code that no user of the core runs."""
    name = path.rpartition("/")[2]
    return _TEST_FOLDERS.search(path) is not None or _TEST_FILE.match(name) is not None


def is_example(path: str) -> bool:
    """Whether a file belongs to examples, fixtures or copies of others: nothing that is shipped."""
    return _EXAMPLE_FOLDERS.search(path) is not None


_EXAMPLE_FOLDERS = re.compile(
    r"(^|/)(fixtures?|__fixtures__|testdata|examples?|samples?|demos?|node_modules|vendor)/"
)
