# SPDX-License-Identifier: Apache-2.0
"""Every commit held against one line: the same findings as ``check --at``, at a fraction of it.

Commits with the same paths share the work of laying out their tree; contents are read once; a
content at a path is judged once for each tree that it is in.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from coreline.boundary.check import Ground, load_languages
from coreline.boundary.extension import Language
from coreline.boundary.history.contents import Contents, covers, number_of, union, version_of
from coreline.boundary.history.judge import Judge, checks_of_files, checks_of_trees
from coreline.boundary.history.model import Point, Record, Seen
from coreline.boundary.history.trees import File, Forest
from coreline.boundary.kinds import Kinds
from coreline.boundary.names import Names
from coreline.boundary.ownership import CORE
from coreline.boundary.reading import Store
from coreline.boundary.world import Defined
from coreline.errors import OutsideError
from coreline.manifest.claims import Line
from coreline.manifest.parse import ParsedManifest
from coreline.sources.git import Batch

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


class State(NamedTuple):
    """A commit that is to be judged: its id, and the tree of its files."""

    commit: str
    tree: bytes


def judge_commits(
    states: Sequence[State],
    parsed: ParsedManifest,
    record: Record,
    batch: Batch,
    store: Store | None,
    progress: Progress,
) -> None:
    """Hold commits against a line and add them to a record.

    Args:
        states: the commits, parents first, none of which the record has.
        parsed: the line.
        record: grows.
        batch: reads trees and blobs.
        store: what earlier runs found in contents; None for nothing.
        progress: told how far it is.

    Raises:
        OutsideError: git stopped, or a tree is missing (``object-missing``).
    """
    if states:
        _Walk(parsed, record, batch, store, progress).walk(states)


class _Walk:
    def __init__(
        self,
        parsed: ParsedManifest,
        record: Record,
        batch: Batch,
        store: Store | None,
        progress: Progress,
    ) -> None:
        self._parsed = parsed
        self._manifest = parsed.manifest
        self._line = Line(parsed.manifest)
        self._languages: list[Language] = load_languages()
        self._forest = Forest(self._line, Kinds(self._languages), self._trees)
        self._contents = Contents(batch, self._languages, store)
        self._store = store
        self._record = record
        self._batch = batch
        self._progress = progress
        self._checks = checks_of_files()
        self._tree_checks = checks_of_trees()
        self._numbers = {one.identity: number for number, one in enumerate(record.findings)}
        self._judgements = {one: number for number, one in enumerate(record.judgements)}

    def walk(self, states: Sequence[State]) -> None:
        """Judge the commits."""
        forest, contents = self._forest, self._contents
        self._progress("read trees", 0, len(states))
        forest.grow(state.tree for state in states)
        core = [file for file in forest.files if file.owner == CORE and file.kind != "submodule"]
        wraps = [file for file in forest.files if file.owner != CORE and file.kind != "submodule"]
        self._progress("read contents", 0, len(core) + len(wraps))
        contents.look(wraps, None)
        paths = forest.sums([number_of(file.path, file.owner) for file in forest.files])
        defined = forest.sums([self._definitions_hash(file) for file in forest.files])
        has = forest.chosen([bool(contents.glance(one).definitions) for one in forest.files])
        names = self._all_names(states, paths, defined, has)
        contents.look(core, names)
        flags = [contents.glance(file).pieces is not None for file in forest.files]
        chosen = forest.chosen(flags)
        groups: dict[tuple[int, int], dict[bytes, None]] = defaultdict(dict)
        for _, tree in states:
            groups[paths[tree], defined[tree]][tree] = None
        judged: dict[bytes, int] = {}
        for group in groups.values():
            self._progress("judge commits", len(judged), len(paths))
            judged.update(self._judge_group(list(group), has, chosen, names))
        shares = _Shares(forest, contents)
        for commit, tree in states:
            self._record.points[commit] = shares.point(tree, judged[tree])

    def _all_names(
        self,
        states: Sequence[State],
        paths: dict[bytes, int],
        defined: dict[bytes, int],
        has: dict[bytes, tuple[File, ...]],
    ) -> Names:
        """Return the names of the wraps in any of the commits."""
        wrap_paths = self._forest.sums(
            [number_of(file.path, file.owner) if file.owner else 0 for file in self._forest.files]
        )
        kept = None if self._store is None else self._store.get("names")
        seen: set[tuple[int, int]] = set()
        found = [] if kept is None else [msgspec.msgpack.decode(kept, type=Names)]
        digests: set[bytes] = set()
        for _, tree in states:
            # The names of a tree follow, but for rare cases, from the paths of its wraps; what is
            # missed is found when the tree is judged.
            if (key := (wrap_paths[tree], defined[tree])) not in seen:
                seen.add(key)
                names = self._ground(self._forest.all_of(tree), has[tree]).names
                if names.digest not in digests:
                    digests.add(names.digest)
                    found.append(names)
        names = found[0] if all(covers(found[0], one) for one in found) else union(found)
        if self._store is not None:
            self._store.put("names", msgspec.msgpack.encode(names))
        return names

    def _ground(self, files: Iterable[File], defining: Iterable[File]) -> Ground:
        owners = {file.path: file.owner for file in files}
        definitions = [
            Defined(file.path, file.owner, one)
            for file in defining
            for one in self._contents.glance(file).definitions
        ]
        return Ground.of(self._manifest, owners, definitions)

    def _judge_group(
        self,
        trees: Sequence[bytes],
        has: dict[bytes, tuple[File, ...]],
        chosen: dict[bytes, tuple[File, ...]],
        names: Names,
    ) -> Iterator[tuple[bytes, int]]:
        """Yield the number of the judgement on each of some trees with the same paths."""
        files = self._forest.all_of(trees[0])
        ground = self._ground(files, has[trees[0]])
        if not covers(names, ground.names):
            # Rare: these trees have a name that their wraps' paths alone did not show.
            wide = union([names, ground.names])
            core = [file for tree in trees for file in self._forest.all_of(tree) if not file.owner]
            self._contents.forget(core)
            self._contents.look(core, wide)
            flagged = {tree: self._candidates(tree) for tree in trees}
        else:
            flagged = {tree: chosen[tree] for tree in trees}
        line = self._line.asked_of(file.path for file in files)
        judges: dict[int, Judge] = {}
        for tree in trees:
            facts, shared = self._contents.facts(flagged[tree], ground.names)
            if shared not in judges:
                judges[shared] = Judge(self._parsed, line, ground, facts, self._checks)
            found = judges[shared].findings(flagged[tree], facts)
            yield tree, self._number([*found, *judges[shared].of_tree(self._tree_checks)])

    def _candidates(self, tree: bytes) -> tuple[File, ...]:
        files = self._forest.all_of(tree)
        return tuple(one for one in files if self._contents.glance(one).pieces is not None)

    def _number(self, findings: Iterable[Seen]) -> int:
        """Return the number of a judgement, a new one where there is none like it."""
        numbers: list[int] = []
        for seen in findings:
            number = self._numbers.setdefault(seen.identity, len(self._record.findings))
            if number == len(self._record.findings):
                self._record.findings.append(seen)
            numbers.append(number)
        key = tuple(numbers)
        number = self._judgements.setdefault(key, len(self._record.judgements))
        if number == len(self._record.judgements):
            self._record.judgements.append(key)
        return number

    def _definitions_hash(self, file: File) -> int:
        found = self._contents.glance(file).definitions
        return number_of(file.path, *(f"{one.kind} {one.name}" for one in found)) if found else 0

    def _trees(self, names: Iterable[bytes]) -> Iterator[bytes]:
        for found in self._batch.read(name.hex() for name in names):
            if found.data is None:
                raise OutsideError(
                    "object-missing",
                    f"Tree {found.name} is missing from this clone.",
                    "In a partial clone, fetch it first; otherwise run git fsck.",
                )
            yield found.data


class _Shares:
    """How much code lies on each side of each tree."""

    def __init__(self, forest: Forest, contents: Contents) -> None:
        sizes = [contents.glance(file).size for file in forest.files]
        files = forest.files
        both = list(zip(files, sizes, strict=True))
        self._core_bytes = forest.sums([_code(file, size, core=True) for file, size in both])
        self._wrap_bytes = forest.sums([_code(file, size, core=False) for file, size in both])
        self._core_files = forest.sums([int(not file.owner) for file in files])
        self._wrap_files = forest.sums([int(bool(file.owner)) for file in files])
        self._missing = forest.sums([int(size < 0) for size in sizes])

    def point(self, tree: bytes, judgement: int) -> Point:
        return Point(
            judgement,
            self._core_bytes[tree],
            self._wrap_bytes[tree],
            self._core_files[tree],
            self._wrap_files[tree],
            self._missing[tree],
        )


def _code(file: File, size: int, *, core: bool) -> int:
    return max(0, size) if file.is_code and (not file.owner) == core else 0


def version(parsed: ParsedManifest) -> bytes:
    """Return what identifies all that a record depends on beside the commits."""
    from coreline import __version__

    checks = "\n".join(check.name for check in [*checks_of_files(), *checks_of_trees()])
    line = msgspec.json.encode(parsed.manifest)
    return b"\0".join([__version__.encode(), version_of(load_languages()), checks.encode(), line])
