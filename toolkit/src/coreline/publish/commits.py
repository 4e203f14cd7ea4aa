# SPDX-License-Identifier: Apache-2.0
"""Rewrite commits: same author, dates and message; core tree; parents mapped; empty ones pruned.

Which commits are pruned is what ``git filter-repo --prune-empty auto --prune-degenerate never``
documents, so that ids equal those of that tool where it is right. A commit is pruned if it has at
most one public parent, changes nothing in the core, and was not already empty before; an empty
commit is pruned only together with the parent that it stood on. Merges stay, even of a commit with
itself: pruning those publishes wrong trees (docs/decisions).
"""

from collections.abc import Iterable

from coreline.errors import InternalError
from coreline.publish.back.origin import origin_of, original
from coreline.publish.ledger import Entry, Ledger
from coreline.publish.plain import PlainTrees
from coreline.publish.recipe.commit_ids import CommitIds
from coreline.publish.recipe.recipe import Recipe
from coreline.publish.states import States
from coreline.publish.trees import Read
from coreline.sources.objects import EMPTY_TREE, CommitParts, build_commit, parse_commit
from coreline.sources.packs import ObjectWriter


class Rewriter:
    """Rewrites commits in the order given, each after all of its parents.

    Args:
        recipe: what is public.
        ids: what becomes of ids that messages hold.
        read: private and public objects that were stored before.
        writer: where new commits go.
        ledger: what became of earlier commits.
        plain: folders that are core to the last file by today's line.
    """

    def __init__(
        self,
        recipe: Recipe,
        ids: CommitIds,
        read: Read,
        writer: ObjectWriter,
        ledger: Ledger,
        plain: PlainTrees | None = None,
    ) -> None:
        self._recipe = recipe
        self._ids = ids
        self.states = States(recipe, read, writer, plain)
        self._read = read
        self._writer = writer
        self._ledger = ledger
        self._private_trees: dict[bytes, bytes] = {}
        self._public_trees: dict[bytes | None, bytes] = {None: EMPTY_TREE}
        self._run: dict[bytes, Entry] = {}

    def rewrite(self, commits: list[bytes]) -> list[Entry]:
        """Return what becomes of each commit; new objects are in the writer."""
        self._run = {}
        raw = list(self._read(commits))
        parts = [parse_commit(data) for data in raw]
        self._private_trees.update(
            (name, part.tree) for name, part in zip(commits, parts, strict=True)
        )
        self._learn_parents(parts)
        cores = self.states.public(commits, parts)
        for name, data, part, core in zip(commits, raw, parts, cores, strict=True):
            entry = self._run[name] = self._one(name, data, part, core or EMPTY_TREE)
            self._ids.add([entry])
        return list(self._run.values())

    def _learn_parents(self, parts: Iterable[CommitParts]) -> None:
        """Read the commits of earlier runs that this one stands on."""
        outside = dict.fromkeys(
            parent for part in parts for parent in part.parents if parent not in self._private_trees
        )
        for name, data in zip(outside, self._read(outside), strict=True):
            self._private_trees[name] = parse_commit(data).tree
        public = dict.fromkeys(
            entry.public
            for entry in map(self._entry, outside)
            if entry.public is not None and entry.public not in self._public_trees
        )
        for name, data in zip(public, self._read(public), strict=True):
            self._public_trees[name] = parse_commit(data).tree

    def _entry(self, private: bytes) -> Entry:
        entry = self._run.get(private) or self._ledger.get(private)
        if entry is None:
            raise InternalError(
                "publish-order", f"Commit {private.hex()} is needed before it was rewritten."
            )
        return entry

    def _one(self, name: bytes, data: bytes, part: CommitParts, core: bytes) -> Entry:
        before = [self._entry(parent) for parent in part.parents]
        parents = tuple(entry.public for entry in before if entry.public is not None)
        public_part = part._replace(tree=core, parents=parents)
        body = _as_it_came(data, public_part)
        if body is None:
            if len(parents) < 2 and core == self._public_trees[parents[0] if parents else None]:
                was_empty = part.tree == self._first_tree(part)
                if not was_empty or _lost_parent(before, parents):
                    return Entry(name, parents[0] if parents else None, pruned=True)
            renamed = self._ids.renamed_at(name)
            body = build_commit(self._recipe.carried(public_part, renamed))
        if core == EMPTY_TREE:
            self._writer.add(b"tree", b"")
        public = self._writer.add(b"commit", body)
        self._public_trees[public] = core
        return Entry(name, public, pruned=False)

    def _first_tree(self, part: CommitParts) -> bytes:
        return self._private_trees[part.parents[0]] if part.parents else EMPTY_TREE


def _as_it_came(data: bytes, part: CommitParts) -> bytes | None:
    """Return the public commit that a private one was imported from, where it comes out again."""
    origin = origin_of(data)
    return None if origin is None else original(part, origin)


def _lost_parent(before: list[Entry], parents: tuple[bytes, ...]) -> bool:
    return len(parents) < len(before) or (len(before) == 1 and before[0].pruned)
