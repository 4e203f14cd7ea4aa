# SPDX-License-Identifier: Apache-2.0
"""Prove each public commit before anything is written outside.

For every private commit: the public commit that stands for it exists, is bit for bit what its id
says, holds nothing but the allowed fields with the values that the recipe gives them, stands on the
public commits of the private parents, and its tree is exactly the public state of the private tree,
path by path. So every blob that is reachable in public lies, in the same commit, at a core path of
the private history, and none that only ever lived in the wrap is reachable.

What is proven is proven for good, since the public commit is a pure function of the private one;
the ledger holds proven commits only, so a later run proves the new ones.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable

from coreline.manifest.claims import Line
from coreline.publish.back.origin import origin_of
from coreline.publish.ledger import Entry
from coreline.publish.moved_proof import MovedProof
from coreline.publish.plain import PlainTrees
from coreline.publish.recipe.commit_ids import CommitIds
from coreline.publish.recipe.messages import Renamed
from coreline.publish.recipe.recipe import Recipe
from coreline.publish.tree_proof import NOTHING, Read, TreeProof, check_id, fail
from coreline.sources.objects import CommitParts, parse_commit


class Proof:
    """Checks that public commits are the core of private ones.

    Args:
        recipe: what is public.
        private: reads objects of the private repository.
        public: reads objects from where the public ones are.
        ids: what becomes of ids that messages hold.
        digest: of today's claims.
        proven: folders that earlier runs proved to be core to the last file by them.
    """

    def __init__(
        self,
        recipe: Recipe,
        private: Read,
        public: Read,
        ids: CommitIds,
        *,
        digest: str = "",
        proven: PlainTrees | None = None,
    ) -> None:
        self._digest = digest
        self._proven = PlainTrees() if proven is None else proven
        self._last: tuple[str, bytes, bytes] | None = None
        self._recipe = recipe
        self._private = private
        self._public = public
        self._ids = ids
        self._trees: dict[str, TreeProof | MovedProof] = {}

    @property
    def trees_compared(self) -> int:
        """How many pairs of trees were compared."""
        return sum(one.trees_compared for one in self._trees.values())

    def check(self, entries: Iterable[Entry], mapped: Callable[[bytes], bytes | None]) -> None:
        """Prove a run of commits.

        Args:
            entries: what became of each private commit.
            mapped: the public commit that stands for an earlier private one.

        Raises:
            InternalError: something is not as it must be (``publish-proof-failed``).
        """
        run = list(entries)
        names = list(dict.fromkeys(entry.public for entry in run if entry.public is not None))
        public = dict(zip(names, self._public(names), strict=True))
        for name, data in public.items():
            check_id(b"commit", name, data)
        commits = [entry.private for entry in run]
        private = list(self._private(commits))
        parts = [parse_commit(data) for data in private]
        held = self._recipe.lines.of(commits, parts, self._private)
        questions: dict[str, dict[tuple[bytes, bytes], bytes]] = defaultdict(dict)
        for entry, data, part, one in zip(run, private, parts, held, strict=True):
            ours = None if entry.public is None else public[entry.public]
            self._check_commit(entry, data, part, ours, mapped)
            tree = NOTHING if ours is None else _tree_of(ours)
            questions[one.digest][_tree_of(data), tree] = entry.private
            self._last = one.digest, _tree_of(data), tree
            if one.digest not in self._trees:
                self._trees[one.digest] = self._proof_of(one.line, one.digest)
        for digest, trees in questions.items():
            self._trees[digest].check((*pair, commit) for pair, commit in trees.items())

    def remember(self) -> None:
        """Remember what was proven of the last commit: the next one is mostly the same."""
        if self._last is None:
            return
        digest, private, public = self._last
        proof = self._trees[digest]
        if digest == self._digest and isinstance(proof, TreeProof):
            self._proven.add(proof.same_in(private, public))

    def _proof_of(self, line: Line, digest: str) -> TreeProof | MovedProof:
        recipe = self._recipe
        if recipe.keeps_paths_and_contents:
            proven = self._proven if digest == self._digest else PlainTrees()
            return TreeProof(line, self._private, self._public, proven)
        return MovedProof(line, self._private, self._public, recipe.paths, regions=recipe.regions)

    def _check_commit(
        self,
        entry: Entry,
        private: bytes,
        part: CommitParts,
        public: bytes | None,
        mapped: Callable[[bytes], bytes | None],
    ) -> None:
        # A commit without a message may end with its last header.
        head, _, message = private.partition(b"\n\n")
        lines = head.removesuffix(b"\n").split(b"\n")
        parents = [
            mapped(bytes.fromhex(row[7:].decode())) for row in lines if row[:7] == b"parent "
        ]
        standing = [parent for parent in parents if parent is not None]
        if entry.pruned:
            if entry.public != (standing[0] if standing else None) or len(standing) > 1:
                fail(f"Commit {entry.private.hex()} was pruned onto one that it does not follow.")
            return
        if public is None:
            fail(f"Commit {entry.private.hex()} was neither published nor pruned.")
        carried = [line for line in lines if line.startswith(_CARRIED)]
        origin = origin_of(private)
        if origin is not None and origin.public == entry.public:
            # It was public before it was private, to the byte; what it names is compared as ever.
            carried += origin.signature.split(b"\n")[:-1]
        elif not self._recipe.changes_nothing_said:
            renamed = self._ids.renamed_at(entry.private)
            carried, message = self._changed(carried, part, renamed)
        expected = [b"parent " + parent.hex().encode() for parent in standing]
        expected += carried
        # The first line names the tree, which is compared apart.
        wanted = b"\n" + b"\n".join(expected) + b"\n\n" + message
        if public[:5] != b"tree " or public[45:] != wanted:
            fail(f"The public commit of {entry.private.hex()} says more, or less, than it.")

    def _changed(
        self, carried: list[bytes], part: CommitParts, renamed: Renamed
    ) -> tuple[list[bytes], bytes]:
        """Return the headers and the message that the recipe gives a commit."""
        public = self._recipe.carried(part, renamed)
        others = [line for line in carried if line.startswith(b"encoding ")]
        return [public.author, public.committer, *others], public.message


def _tree_of(commit: bytes) -> bytes:
    return bytes.fromhex(commit[5:45].decode())


# What a public commit says besides its tree and its parents: nothing else of the private one.
_CARRIED = (b"author ", b"committer ", b"encoding ")
