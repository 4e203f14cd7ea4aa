# SPDX-License-Identifier: Apache-2.0
"""Carry the public history forward: filter, store, prove, and only then write down.

Works in runs of some thousand commits. A run that was written down is never done again, so a
killed publish goes on where it was. A run that fails its proof is not written down, and nothing
that follows is reached.
"""

from collections.abc import Callable

from coreline.publish.commits import Rewriter
from coreline.publish.ledger import Entry, Ledger
from coreline.publish.plain import PlainTrees
from coreline.publish.private import Private, Reader, RememberingReader
from coreline.publish.proof import Proof
from coreline.publish.recipe.commit_ids import CommitIds
from coreline.publish.recipe.lines import claims_digest
from coreline.publish.recipe.recipe import Recipe
from coreline.publish.store import Store
from coreline.sources.git import Batch
from coreline.sources.packs import ObjectWriter

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""

RUN_SIZE = 4096
_FEW = 256


class Carried:
    """What one publish added to the public history.

    ``commits`` counts the private commits looked at, ``published`` and ``pruned`` what became of
    them, ``trees`` the pairs of trees that the proof compared. ``unclaimed`` are files and folders
    of these commits that are not published because no side claims them today, ``malformed`` files
    whose region markers do not fit together.
    """

    def __init__(self) -> None:
        self.commits = 0
        self.published = 0
        self.pruned = 0
        self.trees = 0
        self.unclaimed: list[str] = []
        self.malformed: list[str] = []


def carry_forward(
    private: Private,
    store: Store,
    recipe: Recipe,
    ledger: Ledger,
    batch: Batch,
    progress: Progress,
    *,
    run_size: int = RUN_SIZE,
    plain: PlainTrees | None = None,
) -> Carried:
    """Rewrite and prove every commit of the branches that the ledger does not know.

    Args:
        private: the repository and its branches.
        store: where public objects are kept.
        recipe: what is public.
        ledger: what was proven before; grows.
        batch: reads private and public objects.
        progress: told how far it is.
        run_size: commits between two points from which a killed publish goes on.
        plain: folders of the heads that are core to the last file by today's line.

    Raises:
        InternalError: a commit did not pass the proof (``publish-proof-failed``).
    """
    carried = Carried()
    commits = [name for name in private.commits(ledger.tips) if name not in ledger]
    writer = ObjectWriter(store.objects)
    read = RememberingReader(batch, str(private.common))
    ids = CommitIds(ledger, private.is_before)
    # What is known of the heads' folders says little of a long history, and costs asking.
    few = len(commits) <= _FEW
    rewriter = Rewriter(recipe, ids, read, writer, ledger, plain if few else None)
    # What is public is read back from the store, where only what was really written can be found.
    public = Reader(batch, str(store.repository))
    # The proof believes nobody but itself, an earlier run of its own included.
    digest = claims_digest(recipe.line)
    proven = PlainTrees(store.remembered("proven-1", digest))
    proof = Proof(recipe, private=read, public=public, ids=ids, digest=digest, proven=proven)
    for start in range(0, len(commits), run_size):
        progress("filter and prove", start, len(commits))
        names = commits[start : start + run_size]
        last = start + run_size >= len(commits)
        entries = rewriter.rewrite(names)
        writer.store()
        proof.check(entries, _mapped(entries, ledger))
        if last:
            proof.remember()
        read.forget()
        ledger.add(entries, private.tip if last else None)
        carried.commits += len(entries)
        carried.pruned += sum(entry.pruned for entry in entries)
    for tip in private.tips:
        if tip not in ledger.tips:
            ledger.add([], tip)
    progress("filter and prove", len(commits), len(commits))
    carried.published = carried.commits - carried.pruned
    carried.trees = proof.trees_compared
    carried.unclaimed = sorted(rewriter.states.unclaimed)
    carried.malformed = sorted(rewriter.states.malformed)
    return carried


def _mapped(entries: list[Entry], ledger: Ledger) -> Callable[[bytes], bytes | None]:
    run = {entry.private: entry for entry in entries}

    def mapped(private: bytes) -> bytes | None:
        entry = run.get(private) or ledger.get(private)
        return None if entry is None else entry.public

    return mapped
