# SPDX-License-Identifier: Apache-2.0
"""Publish the core of a branch: carry the history forward, prove it, and only then push.

The recipe says what each public commit is, so the public history is a pure function of the private
one and the manifest: whoever publishes gets the same ids.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from coreline.errors import InputError, NothingToDo, OutsideError
from coreline.publish.head import (
    find_malformed,
    find_unclaimed,
    refuse_malformed,
    refuse_unclaimed,
)
from coreline.publish.history import RUN_SIZE, Carried, Progress, carry_forward
from coreline.publish.ledger import Ledger
from coreline.publish.moves import plan_moves
from coreline.publish.outside import Target
from coreline.publish.private import Private, Reader
from coreline.publish.recipe.commit_ids import CommitIds
from coreline.publish.recipe.recipe import Recipe
from coreline.publish.records import Record, write_record
from coreline.publish.ref_proof import prove_refs
from coreline.publish.report import PublishReport
from coreline.publish.store import Store
from coreline.publish.tags import public_tags
from coreline.sources.git import Batch
from coreline.sources.objects import parse_commit
from coreline.sources.packs import ObjectWriter


def publish(
    private: Path,
    to: str,
    recipe: Recipe,
    *,
    now: datetime,
    branch: str | None = None,
    dry_run: bool = False,
    rebuild: bool = False,
    progress: Progress | None = None,
    run_size: int = RUN_SIZE,
) -> PublishReport:
    """Publish a branch of a private repository and its tags.

    Args:
        private: the private repository.
        to: the public repository: a folder, or an address that git can push to.
        recipe: what a public commit is.
        now: written into the record of what was published.
        branch: which branch; the current one where None.
        dry_run: filter and prove, but write nothing outside.
        rebuild: replace a public history that was published under other claims.
        progress: told how far it is.
        run_size: commits between two points from which a killed publish goes on.

    Raises:
        InputError: the repository or the head cannot be published as it is.
        OutsideError: the public repository cannot be reached, has moved, or refuses; the disk
            is full or may not be written (``publish-disk-failed``).
        NothingToDo: the public repository already holds all of it (``publish-up-to-date``).
        InternalError: the proof failed; nothing was written outside (``publish-proof-failed``,
            ``publish-refs-unproven``).
    """
    source = Private(private, branch)
    target = Target(to, private)
    if target.git_directory() == source.common.resolve():
        raise InputError(
            "target-is-private",
            "The private repository cannot be its own public one.",
            "Name another one with --to.",
        )
    store = Store(source.common)
    tell = progress or _silent
    try:
        with store.locked():
            store.prepare(source.git)
            ledger = Ledger(store.ledger_path(recipe.digest))
            with store.git.batch() as batch:
                _forget_lost(ledger, batch)
                carried = _carry(source, store, recipe, ledger, batch, tell, run_size)
                report = _deliver(
                    source, target, store, recipe, ledger, batch, tell, dry_run, rebuild
                )
            report.carried(carried)
            report.rule = recipe.digest
            report.recipe = recipe.said
            if report.pushed:
                write_record(store.folder, Record.of(report, source, now))
    except OSError as error:
        raise OutsideError(
            "publish-disk-failed",
            f"The disk did not take what publish writes: {error}.",
            "Make room or give the right to write, then publish again: it goes on where it was.",
        ) from error
    return report


def _carry(
    source: Private,
    store: Store,
    recipe: Recipe,
    ledger: Ledger,
    batch: Batch,
    tell: Progress,
    run_size: int,
) -> Carried:
    read = Reader(batch, str(source.common))
    head = parse_commit(next(read([source.tip])))
    refuse_unclaimed(find_unclaimed(head.tree, recipe.line, read))
    if recipe.regions:
        refuse_malformed(find_malformed(head.tree, recipe.line, read))
    return carry_forward(source, store, recipe, ledger, batch, tell, run_size=run_size)


def _deliver(
    source: Private,
    target: Target,
    store: Store,
    recipe: Recipe,
    ledger: Ledger,
    batch: Batch,
    tell: Progress,
    dry_run: bool,
    rebuild: bool,
) -> PublishReport:
    entry = ledger.get(source.tip)
    if entry is None or entry.public is None:
        raise InputError(
            "publish-nothing-core",
            f"No commit of {source.branch} ever held a core file.",
            "Check the paths of [core] with coreline explain.",
        )
    writer = ObjectWriter(store.objects)
    read = Reader(batch, str(source.common))
    ids = CommitIds(ledger, source.is_before)
    tags = public_tags(source.tags, ledger, read, writer, recipe, ids)
    writer.store()
    seen = target.refs(store.git)
    moves = plan_moves(source, store, seen, entry.public, tags, rebuild=rebuild)
    prove_refs(source, moves, _mapped(ledger), read, recipe, ids)
    report = PublishReport(target.label, source.branch, source.tip, entry.public, tags, moves)
    if not moves:
        raise NothingToDo(
            "publish-up-to-date",
            f"{target.label} already holds {source.branch} at {entry.public.hex()[:12]} "
            "and its tags.",
        )
    if not dry_run:
        tell("push", 0, 1)
        target.push(store.git, source.common / "objects", source.branch, moves)
        tell("push", 1, 1)
        report.pushed = True
    return report


def _mapped(ledger: Ledger) -> Callable[[bytes], bytes | None]:
    def mapped(private: bytes) -> bytes | None:
        entry = ledger.get(private)
        return None if entry is None else entry.public

    return mapped


def _forget_lost(ledger: Ledger, batch: Batch) -> None:
    """Begin anew where the store no longer has what the ledger speaks of."""
    if not ledger.tips:
        return
    entry = ledger.get(ledger.tips[-1])
    public = None if entry is None else entry.public
    if public is not None and batch.one(public.hex()).data is None:
        ledger.forget()


def _silent(what: str, done: int, total: int) -> None:
    """Tell nobody."""
