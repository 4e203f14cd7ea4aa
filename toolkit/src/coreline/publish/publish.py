# SPDX-License-Identifier: Apache-2.0
"""Publish the core of a branch: carry the history forward, prove it, and only then push.

The recipe says what each public commit is, so the public history is a pure function of the private
one and the manifest: whoever publishes gets the same ids.
"""

from collections.abc import Callable
from dataclasses import dataclass
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
from coreline.publish.leaving.check import check_leaving
from coreline.publish.leaving.new import New
from coreline.publish.leaving.policy import Policy
from coreline.publish.leaving.recording import Recorder
from coreline.publish.leaving.wrap_contents import WrapContents
from coreline.publish.ledger import Ledger
from coreline.publish.moves import plan_moves, removals, unbacked
from coreline.publish.notes import NotesOf, PublicNotes, public_notes
from coreline.publish.outside import Target
from coreline.publish.plain import PlainTrees
from coreline.publish.private import Private, Reader
from coreline.publish.recipe.commit_ids import CommitIds
from coreline.publish.recipe.lines import claims_digest
from coreline.publish.recipe.recipe import Recipe
from coreline.publish.records import Record, write_records
from coreline.publish.ref_proof import prove_refs
from coreline.publish.refs import Refs
from coreline.publish.report import PublishedBranch, PublishReport
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
    policy: Policy,
    branch: Refs | str | None = None,
    dry_run: bool = False,
    rebuild: bool = False,
    prune: bool = False,
    recorder: Recorder | None = None,
    manifest: tuple[str, bytes] | None = None,
    progress: Progress | None = None,
    run_size: int = RUN_SIZE,
) -> PublishReport:
    """Publish branches of a private repository and their tags.

    Args:
        private: the private repository.
        to: the public repository: a folder, or an address that git can push to.
        recipe: what a public commit is.
        now: written into the record of what was published.
        policy: what is looked for in what leaves (``policy_for``).
        branch: which branches, or the name of one; the current one where None.
        dry_run: filter and prove, but write nothing outside.
        rebuild: replace a public history that was published under other claims.
        prune: remove public branches that were published from here and that no private branch
            stands behind any more.
        recorder: how the record is made; there is none where None.
        manifest: the manifest that holds: its path in the repository and its content, for a
            warning where the head has another one.
        progress: told how far it is.
        run_size: commits between two points from which a killed publish goes on.

    Raises:
        InputError: the repository or the head cannot be published as it is, or what is new must
            not leave (``publish-message-names-wrap``, ``publish-shared-content``,
            ``publish-secret``).
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
    run = _Run(source, target, store, recipe, tell, dry_run=dry_run, rebuild=rebuild, now=now,
               prune=prune, policy=policy, recorder=recorder)  # fmt: skip
    try:
        with store.locked():
            store.prepare(source.git)
            ledger = Ledger(store.ledger_path(recipe.digest))
            with store.git.batch() as batch:
                _forget_lost(ledger, batch)
                carried = _carry(source, store, recipe, ledger, batch, tell, run_size)
                report = run.deliver(ledger, batch)
                if manifest is not None:
                    report.warnings += _uncommitted(source, batch, *manifest)
            report.carried(carried)
            if report.pushed:
                write_records(store.folder, Record.all_of(report, now))
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
    plain = PlainTrees(store.remembered("plain-1", claims_digest(recipe.line)))
    trees: dict[bytes, list[str]] = {}
    for head, data in zip(source.heads, read(head.tip for head in source.heads), strict=True):
        trees.setdefault(parse_commit(data).tree, []).append(head.private)
    for tree, branches in trees.items():
        named = branches if len(source.heads) > 1 else []
        refuse_unclaimed(find_unclaimed(tree, recipe.line, read, plain), named)
        if recipe.regions:
            refuse_malformed(find_malformed(tree, recipe.line, read))
    return carry_forward(source, store, recipe, ledger, batch, tell, run_size=run_size, plain=plain)


@dataclass(frozen=True)
class _Run:
    """One publish, from the proven commits on."""

    source: Private
    target: Target
    store: Store
    recipe: Recipe
    tell: Progress
    dry_run: bool
    rebuild: bool
    prune: bool
    now: datetime
    policy: Policy
    recorder: Recorder | None

    def deliver(self, ledger: Ledger, batch: Batch) -> PublishReport:
        """Prove what leaves beside the trees, and push it."""
        source, store, recipe = self.source, self.store, self.recipe
        branches, empty = _branches(source, ledger)
        writer = ObjectWriter(store.objects)
        read = Reader(batch, str(source.common))
        ids = CommitIds(ledger, source.is_before)
        tags = public_tags(source.tags, ledger, read, writer, recipe, ids)
        writer.store()
        seen = self.target.refs(store.git)
        heads = {one.public_name: one.public for one in branches}
        moves = plan_moves(source, store, seen, heads, tags, rebuild=self.rebuild)
        prove_refs(source, moves, _mapped(ledger), read, recipe, ids, store.git)
        notes = PublicNotes()
        if source.refs.all_are_asked and source.refs.notes:
            held = NotesOf(source, ledger, read, recipe, ids)
            notes = public_notes(source, held, self.target, store, batch, seen)
        report = PublishReport(self.target.label, branches, tags, [*moves, *notes.moves])
        report.notes = notes.counts
        report.warnings += [*empty, *notes.warnings]
        alone = unbacked(source, seen)
        report.removed = removals(store, alone) if self.prune else []
        gone = {one.ref.removeprefix("refs/heads/") for one in report.removed}
        report.unbacked = sorted(alone.keys() - gone)
        report.rule = recipe.digest
        report.recipe = recipe.said
        if not report.moves and not report.removed:
            raise NothingToDo(
                "publish-up-to-date",
                f"{self.target.label} already holds {report.named} at "
                f"{report.public.hex()[:12]} and its tags.",
            )
        self.tell("look through what leaves", 0, 1)
        new = New(store.git, batch, seen.values(), moves, _private_of(ledger))
        new.noted, new.said_beside = notes.contents, notes.sayings
        remembered = store.remembered("wrap-contents", claims_digest(recipe.line))
        known = WrapContents(remembered, recipe.line)
        report.left = check_leaving(new, self.policy, source, known, is_plain=recipe.is_plain)
        self.tell("look through what leaves", 1, 1)
        if self.recorder is not None:
            tells = self.policy.tells_recipe
            self.recorder.prepare(
                report, self.target, store, batch, seen, self.now, tells_recipe=tells
            )
        if not self.dry_run:
            had_branches = any(ref.startswith("refs/heads/") for ref in seen)
            self._push(report)
            if not had_branches:
                report.warnings += self._without_head(report)
        return report

    def _without_head(self, report: PublishReport) -> list[str]:
        """Warn where the first branches came in and what is cloned by default is none of them."""
        if self.target.head(self.store.git) is not None:
            return []
        said = f"HEAD of {report.target} names no branch that exists, so a clone of it is empty"
        set_it = f"git symbolic-ref HEAD refs/heads/{report.branch}"
        return [f"{said}: make {report.branch} its default branch ({set_it})"]

    def _push(self, report: PublishReport) -> None:
        self.tell("push", 0, 1)
        objects = self.source.common / "objects"
        branch = self.source.public_branch
        self.target.push(self.store.git, objects, branch, report.moves, report.removed)
        self.tell("push", 1, 1)
        report.pushed = True
        if self.recorder is not None:
            self.recorder.write()


def _branches(source: Private, ledger: Ledger) -> tuple[list[PublishedBranch], list[str]]:
    """Return the branches that have something in public, and what to say of the others."""
    branches: list[PublishedBranch] = []
    empty: list[str] = []
    for head in source.heads:
        entry = ledger.get(head.tip)
        if entry is not None and entry.public is not None:
            branches.append(PublishedBranch(head.private, head.public, head.tip, entry.public))
        else:
            empty.append(f"no commit of {head.private} ever held a core file: not published")
    if not branches:
        raise InputError(
            "publish-nothing-core",
            f"No commit of {source.branch} ever held a core file.",
            "Check the paths of [core] with coreline explain.",
        )
    return branches, empty


def _uncommitted(source: Private, batch: Batch, path: str, content: bytes) -> list[str]:
    """Warn where the manifest that holds is not the one of the head."""
    if batch.one(f"{source.tip.hex()}:{path}").data == content:
        return []
    where = f"{path} is not committed on {source.branch} as it is here"
    return [f"{where}: others would publish by another line"]


def _mapped(ledger: Ledger) -> Callable[[bytes], bytes | None]:
    def mapped(private: bytes) -> bytes | None:
        entry = ledger.get(private)
        return None if entry is None else entry.public

    return mapped


def _private_of(ledger: Ledger) -> Callable[[bytes], bytes]:
    """Return what finds the private commit of a public one."""

    def private(public: bytes) -> bytes:
        return ledger.private_of(public) or public

    return private


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
