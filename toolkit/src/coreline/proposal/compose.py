# SPDX-License-Identifier: Apache-2.0
"""From the owner of every path to few, readable patterns that say the same.

The core's claims are an allow list: a folder at the top is claimed by name and a file at the root
by name, so a new one is a finding, never published by being forgotten. Patterns only nest
(``web/**`` and within it ``web/src/ee/**``), so the more specific one wins and nothing ties.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from coreline.errors import InternalError
from coreline.manifest.claims import Line, Tie
from coreline.manifest.globset import GlobSet
from coreline.manifest.model import Core, Manifest, Product, Wrap
from coreline.proposal.folding import fold, marks_of
from coreline.proposal.model import Owner
from coreline.proposal.patterns import Pattern, literal

# A folder of packages with more children than this is claimed whole: the list would not be read.
CHILDREN_MAX = 60


class Composition(NamedTuple):
    """Patterns for every owner, and the paths whose names cannot be told apart by any pattern.

    Those paths are given to the wrap, since what is published cannot be taken back.
    """

    patterns: tuple[Pattern, ...]
    given: tuple[str, ...]


def compose(
    owners: Mapping[str, Owner],
    *,
    decided: Mapping[str, Owner] | None = None,
    apart: Iterable[str] = (),
    anywhere: Iterable[str] = (),
) -> Composition:
    """Return patterns that give each path to its owner, and no path to another.

    Args:
        owners: every path and its owner.
        decided: the side that a folder (ending in a slash) has as a whole, where that is known.
        apart: folders whose children are claimed one by one, such as a workspace's packages.
        anywhere: names of folders (``ee``) and parts of file names (``.ee.``) that mean a wrap
            wherever they stand.
    """
    names = frozenset(anywhere)
    tree = _Tree(owners, decided or {}, frozenset(apart), marks_of(names))
    plain = list(tree.cover())
    folded = fold(plain, owners, names)
    for patterns in (folded, plain):
        if not wrong_claims(patterns, owners):
            return Composition(_ordered(patterns), ())
    return _repaired(plain, owners)


def wrong_claims(patterns: Iterable[Pattern], owners: Mapping[str, Owner]) -> list[str]:
    """Return the paths that the patterns do not give to their owner alone."""
    line = Line(manifest_of(patterns))
    wrong: list[str] = []
    for path, owner in owners.items():
        claim = line.claim(path)
        if claim is None or isinstance(claim, Tie) or claim.wrap != owner:
            wrong.append(path)
    return wrong


def manifest_of(patterns: Iterable[Pattern]) -> Manifest:
    """Return a manifest that holds just these claims."""
    paths: dict[Owner, list[str]] = defaultdict(list)
    for pattern in patterns:
        paths[pattern.owner].append(pattern.glob)
    return Manifest(
        product=Product(name="product", primary=""),
        core=Core(spdx="Apache-2.0", paths=paths.pop(None, [])),
        wraps={
            name: Wrap(spdx="LicenseRef-Wrap", paths=globs)
            for name, globs in paths.items()
            if name is not None
        },
    )


class _Tree:
    """The folders of the paths, each with the owners of what is in it."""

    def __init__(
        self,
        owners: Mapping[str, Owner],
        decided: Mapping[str, Owner],
        apart: frozenset[str],
        marks: tuple[str, ...],
    ) -> None:
        self._marks = marks
        self._unmarked: set[str] = set()
        self._owners = owners
        self._decided = decided
        self._apart = apart
        self._within: dict[str, Counter[Owner]] = defaultdict(Counter)
        self._folders: dict[str, dict[str, None]] = defaultdict(dict)
        self._files: dict[str, list[str]] = defaultdict(list)
        for path, owner in owners.items():
            self._add(path, owner)

    def _add(self, path: str, owner: Owner) -> None:
        slash = path.rfind("/")
        self._files[path[: slash + 1]].append(path)
        is_marked = owner is not None and any(mark in path[slash + 1 :] for mark in self._marks)
        below: str | None = None
        while True:
            folder = path[: slash + 1]
            if not is_marked:
                self._unmarked.add(folder)
            self._within[folder][owner] += 1
            if below is not None:
                self._folders[folder][below] = None
            if not folder:
                return
            below = folder
            slash = path.rfind("/", 0, slash)

    def cover(self) -> Iterator[Pattern]:
        """Yield patterns for all: folders whole where one owner has most, the rest by name."""
        yield from self._each("")

    def _each(self, folder: str) -> Iterator[Pattern]:
        """Yield patterns for a folder that nothing claims whole."""
        for path in self._files[folder]:
            yield Pattern(self._owners[path], literal(path), "")
        for child in self._folders[folder]:
            is_apart = child in self._apart or self._leads_to_wrap(child)
            if is_apart and len(self._folders[child]) <= CHILDREN_MAX:
                yield from self._each(child)
            elif child not in self._unmarked and child not in self._decided:
                # The wrap's by the names of its files alone: one without the mark is anybody's.
                yield from self._marked(child, literal(child))
            else:
                owner = self._owner_of(child)
                yield Pattern(owner, literal(child) + "**", "")
                yield from self._differing(child, owner, literal(child))

    def _marked(self, folder: str, base: str) -> Iterator[Pattern]:
        """Yield patterns for the files of a folder one by one, all of which have a wrap's mark."""
        for path in self._files[folder]:
            yield Pattern(self._owners[path], literal(path), base)
        for child in self._folders[folder]:
            yield from self._marked(child, base)

    def _leads_to_wrap(self, folder: str) -> bool:
        """Whether a folder is a wrap's today only because of the folders in it that are one's.

        The next file beside those is anybody's, so it must not be the wrap's unseen.
        """
        return self._owner_of(folder) is not None and folder in self._above_decided

    @cached_property
    def _above_decided(self) -> frozenset[str]:
        """The folders above those that were decided, as far as they are not decided themselves."""
        above: set[str] = set()
        for folder in self._decided:
            upper = folder
            while (upper := upper[: upper.rfind("/", 0, -1) + 1]) and upper not in above:
                above.add(upper)
        return frozenset(above.difference(self._decided))

    def _differing(self, folder: str, owner: Owner, base: str) -> Iterator[Pattern]:
        """Yield patterns for what another has within a folder that an owner has as a whole."""
        if self._within[folder].keys() == {owner}:
            return
        for path in self._files[folder]:
            if self._owners[path] != owner:
                yield Pattern(self._owners[path], literal(path), base)
        for child in self._folders[folder]:
            # A folder is only claimed whole where it was decided as a whole: that all files in
            # it are another's today says nothing of the next file.
            other = self._decided.get(child, owner)
            if other != owner and other in self._within[child]:
                yield Pattern(other, literal(child) + "**", base)
                yield from self._differing(child, other, literal(child))
            else:
                yield from self._differing(child, owner, base)

    def _owner_of(self, folder: str) -> Owner:
        """Return who has a folder as a whole: as decided, else the core, else who has most."""
        within = self._within[folder]
        if folder in self._decided and self._decided[folder] in within:
            return self._decided[folder]
        return None if None in within else within.most_common(1)[0][0]


def _repaired(patterns: list[Pattern], owners: Mapping[str, Owner]) -> Composition:
    """Mend what names that a glob cannot say did: claim those paths one by one.

    A path that its own name says is claimed by that. Where a name needs a ?, which may match other
    names too, one wrap gets all patterns that meet there. Each round settles a path at least.
    """
    single = [Pattern(owners[path], literal(path), "") for path in wrong_claims(patterns, owners)]
    mended = list(dict.fromkeys([*patterns, *single]))
    wrap = min((owner for owner in owners.values() if owner is not None), default=None)
    for _ in owners:
        bad = _lost(mended, owners)
        if not bad:
            line = Line(manifest_of(mended))
            given = (p for p, owner in owners.items() if owner is None and line.side(p) == "wrap")
            return Composition(_ordered(mended), tuple(given))
        mended = list(dict.fromkeys(_yielded(mended, bad, owners, wrap)))
    raise InternalError("proposal-undecided", "Some names could not be claimed by any pattern.")


def _yielded(
    patterns: list[Pattern], bad: list[str], owners: Mapping[str, Owner], wrap: Owner
) -> Iterator[Pattern]:
    """Yield the patterns with those given to the wrap that meet in a path that nobody has."""
    globs = GlobSet(pattern.glob for pattern in patterns)
    unsure = [path for path in bad if literal(path) != path]
    yielding = {
        number for path in unsure for number in globs.matches(path) if "?" in patterns[number].glob
    }
    for number, pattern in enumerate(patterns):
        yield pattern._replace(owner=wrap, base="") if number in yielding else pattern
    for path in bad:
        yield Pattern(wrap if literal(path) != path else owners[path], literal(path), "")


def _lost(patterns: list[Pattern], owners: Mapping[str, Owner]) -> list[str]:
    """Return the paths that nobody has, and those of a wrap that the core would get."""
    line = Line(manifest_of(patterns))
    return [
        path
        for path, owner in owners.items()
        if line.side(path) is None or (owner is not None and line.side(path) == "core")
    ]


def _ordered(patterns: Iterable[Pattern]) -> tuple[Pattern, ...]:
    """Folders first, then files of folders, then files at the root; each by name."""

    def key(pattern: Pattern) -> tuple[bool, bool, str]:
        return "/" not in pattern.glob, not pattern.glob.endswith("**"), pattern.glob

    return tuple(sorted(dict.fromkeys(patterns), key=key))
