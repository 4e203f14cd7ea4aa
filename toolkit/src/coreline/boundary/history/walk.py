# SPDX-License-Identifier: Apache-2.0
"""Every commit held against one line: the same findings as ``check --at``, at a fraction of it.

Commits with the same paths share the work of laying out their tree; contents are read once; a
content at a path is judged once for each tree that it is in.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

import msgspec

from coreline.boundary.aliasing import named_by
from coreline.boundary.check import Ground, load_languages
from coreline.boundary.extension import Language
from coreline.boundary.history.contents import (
    Contents,
    covers,
    names_others,
    number_of,
    union,
    version_of,
)
from coreline.boundary.history.judge import Judge, checks_of_files, checks_of_trees
from coreline.boundary.history.model import Point, Record, Seen
from coreline.boundary.history.shapes import Words, shapes_of
from coreline.boundary.history.trees import File, Forest
from coreline.boundary.kinds import Kinds
from coreline.boundary.names import Names
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
        self._aliases: Mapping[File, tuple[tuple[str, str], ...]] = {}
        self._paths: Mapping[bytes, int] = {}
        self._numbers = {one.identity: number for number, one in enumerate(record.findings)}
        self._judgements = {one: number for number, one in enumerate(record.judgements)}

    def walk(self, states: Sequence[State]) -> None:
        """Judge the commits."""
        forest, contents = self._forest, self._contents
        self._progress("read trees", 0, len(states))
        forest.grow(state.tree for state in states)
        trees = list(dict.fromkeys(state.tree for state in states))
        self._paths = forest.sums([number_of(file.path, file.owner) for file in forest.files])
        sides: tuple[list[File], list[File]] = ([], [])
        for file in forest.files:
            if file.kind != "submodule":
                sides[bool(file.owner)].append(file)
        core, wraps = sides
        self._progress("read contents", 0, len(forest.files))
        naming = [file for file in core if names_others(file)]
        contents.look([*wraps, *naming], None)
        defined = forest.sums([self._definitions_hash(file) for file in forest.files])
        has = forest.chosen([self._defines(file) for file in forest.files])
        names = self._all_names(trees, defined, has)
        self._aliases = {file: contents.glance(file).aliases for file in naming}
        contents.forget(naming)
        contents.look(core, names)
        candidates = [file for file in forest.files if contents.glance(file).pieces is not None]
        flags = [contents.glance(file).pieces is not None for file in forest.files]
        chosen = forest.chosen(flags)
        self._progress("find references", 0, len(candidates))
        shapes = shapes_of(forest, self._words(candidates, names))
        groups: dict[int, dict[int, list[bytes]]] = defaultdict(lambda: defaultdict(list))
        for tree in trees:
            groups[shapes[tree]][defined[tree]].append(tree)
        met = self._met()
        judged: dict[bytes, int] = {}
        for by_definitions in groups.values():
            ground: Ground | None = None
            for some in by_definitions.values():
                self._progress("judge commits", len(judged), len(trees))
                ground = self._ground(some[0], has, ground)
                judged.update(self._judge_group(some, ground, chosen, names, met))
        shares = _Shares(forest, contents)
        for commit, tree in states:
            self._record.points[commit] = shares.point(tree, judged[tree])

    def _met(self) -> dict[bytes, frozenset[tuple[int, ...]]]:
        """Return, for each root, which claims meet on a path of it: the checks of features ask."""
        met = list(dict.fromkeys(file.won for file in self._forest.files))
        # Files are counted for each of them, side by side in one number: 32 bits are enough.
        places = {one: 1 << (32 * index) for index, one in enumerate(met)}
        counts = self._forest.sums([places[file.won] for file in self._forest.files])
        return {
            tree: frozenset(
                one for index, one in enumerate(met) if count >> (32 * index) & 0xFFFFFFFF
            )
            for tree, count in counts.items()
        }

    def _words(self, candidates: Iterable[File], names: Names) -> Words:
        """Return the words of all references in any of the commits."""
        words = Words()
        words.add_names(names)
        different = {file.key: file for file in candidates}
        for facts in self._contents.facts_of(different.values(), names):
            words.add_facts(facts)
        return words

    def _all_names(
        self,
        trees: Sequence[bytes],
        defined: Mapping[bytes, int],
        has: Mapping[bytes, tuple[File, ...]],
    ) -> Names:
        """Return the names of the wraps in any of the commits.

        The names of a tree follow, but for rare cases, from the paths of its wraps and from what
        they define; what is missed is found when the tree is judged.
        """
        files = self._forest.files
        paths = self._forest.sums(
            [number_of(one.path, one.owner) if one.owner else 0 for one in files]
        )
        found: dict[bytes, Names] = {}
        grounds: dict[int, Ground] = {}
        seen: set[tuple[int, int]] = set()
        for tree in trees:
            key = (paths[tree], defined[tree])
            if key not in seen:
                seen.add(key)
                ground = self._ground(tree, has, grounds.get(key[0]))
                grounds[key[0]] = ground
                found.setdefault(ground.names.digest, ground.names)
        return self._wider(list(found.values()))

    def _wider(self, found: Sequence[Names]) -> Names:
        """Return names that cover some others, if possible those of the run before."""
        kept = None if self._store is None else self._store.get("names")
        try:
            before = None if kept is None else msgspec.msgpack.decode(kept, type=Names)
        except msgspec.MsgspecError:
            before = None
        if before is not None and all(covers(before, one) for one in found):
            return before
        names = union(found if before is None else [before, *found])
        if self._store is not None:
            # Names that are no UTF-8 are found again by the next run.
            with suppress(UnicodeEncodeError):
                self._store.put("names", msgspec.msgpack.encode(names))
        return names

    def _ground(
        self, tree: bytes, has: Mapping[bytes, tuple[File, ...]], like: Ground | None
    ) -> Ground:
        """Lay out a tree.

        Args:
            tree: its root.
            has: the files of each root that define something.
            like: a tree of the same shape, where one is laid out.
        """
        owners = {one.path: one.owner for one in self._forest.all_of(tree)} if like is None else {}
        definitions = [
            Defined(file.path, file.owner, one)
            for file in has[tree]
            for one in self._contents.glance(file).definitions
        ]
        aliases = {file.path: list(found) for file in has[tree] if (found := self._named(file))}
        definitions += named_by(aliases, owners if like is None else like.owners)
        if like is not None:
            return like.defining(self._manifest, definitions)
        return Ground.of(self._manifest, owners, definitions)

    def _named(self, file: File) -> tuple[tuple[str, str], ...]:
        """Return the names that a file of the core gives to folders."""
        return self._aliases.get(file) or self._contents.glance(file).aliases

    def _defines(self, file: File) -> bool:
        return bool(self._contents.glance(file).definitions or self._named(file))

    def _judge_group(
        self,
        trees: Sequence[bytes],
        ground: Ground,
        chosen: Mapping[bytes, tuple[File, ...]],
        names: Names,
        met_in: Mapping[bytes, frozenset[tuple[int, ...]]],
    ) -> Iterator[tuple[bytes, int]]:
        """Yield the number of the judgement on each of some trees of one shape."""
        flagged = {tree: chosen[tree] for tree in trees}
        if not covers(names, ground.names):
            # Rare: these trees have a name that their wraps' paths alone did not show.
            wide = union([names, ground.names])
            core = [file for tree in trees for file in self._forest.all_of(tree) if not file.owner]
            self._contents.forget(core)
            self._contents.look(core, wide)
            flagged = {tree: self._candidates(tree) for tree in trees}
        judges: dict[int, Judge] = {}
        of_trees: dict[tuple[object, ...], list[Seen]] = {}
        for tree in trees:
            facts, shared = self._contents.facts(flagged[tree], ground.names)
            met = met_in[tree]
            line = self._line.asked_of(met)
            if shared not in judges:
                judges[shared] = Judge(self._parsed, line, ground, facts, self._checks)
            judge = judges[shared]
            asks = judge.asks_for_paths
            key = (met, shared, self._paths[tree] if asks else None)
            if key not in of_trees:
                files = self._forest.all_of(tree) if asks else None
                by_path = None if files is None else {file.path: file for file in files}
                of_trees[key] = judge.of_tree(line, self._tree_checks, by_path)
            found = judge.findings(flagged[tree], facts)
            yield tree, self._number([*found, *of_trees[key]])

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
        if not self._defines(file):
            return 0
        found = self._contents.glance(file).definitions
        texts = [f"{one.kind} {one.name}" for one in found]
        return number_of(file.path, *texts, *(f"{a}={b}" for a, b in self._named(file)))

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
        self._missing = forest.sums(
            [int(size < 0 and file.kind != "submodule") for file, size in both]
        )

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
