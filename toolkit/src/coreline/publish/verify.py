# SPDX-License-Identifier: Apache-2.0
"""Prove from scratch what a public repository holds, trusting nothing that publish remembered.

The private history is filtered anew, every public commit must come out of it, each is proven
against the objects as the public repository itself holds them, and every content that is reachable
there must have lain at a core path of the private history at some time.
"""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

from coreline.errors import CorelineError, InputError, InternalError
from coreline.publish.contents import Contents
from coreline.publish.history import RUN_SIZE, Progress, carry_forward
from coreline.publish.leaving.note import NOTES_REF, note_problems
from coreline.publish.ledger import Entry, Ledger
from coreline.publish.notes import NotesOf, notes_problems
from coreline.publish.outside import Move, Target
from coreline.publish.private import Private, Reader
from coreline.publish.proof import Proof
from coreline.publish.recipe.commit_ids import CommitIds
from coreline.publish.recipe.recipe import Recipe
from coreline.publish.recipe.regions import without_regions
from coreline.publish.ref_proof import prove_refs
from coreline.publish.refs import Refs
from coreline.publish.store import Store
from coreline.sources.git import Batch, Git
from coreline.sources.objects import object_id, parse_commit


class VerifyJson(TypedDict):
    """The JSON of a verification."""

    target: str
    branches: list[str]
    kept: bool
    commits: int
    contents: int
    problems: list[str]
    shared: list[str]
    notes: list[str]


@dataclass
class VerifyReport:
    """What a public repository holds. ``problems`` is empty where the line holds.

    ``shared`` lists paths of contents that also lay outside the core at some time: files that
    changed sides. They are public rightly, since the core held them, and worth knowing. ``notes``
    lists links of the core that name something of the wrap, and so lead nowhere in public, and
    tags that somebody else put on commits of the core.
    """

    target: str
    branches: list[str]
    commits: int = 0
    contents: int = 0
    problems: list[str] = field(default_factory=list)
    shared: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def kept(self) -> bool:
        """Whether the public repository holds the core and nothing else."""
        return not self.problems

    def to_json(self) -> VerifyJson:
        """Return the report as plain values."""
        return {
            "target": self.target,
            "branches": self.branches,
            "kept": self.kept,
            "commits": self.commits,
            "contents": self.contents,
            "problems": self.problems,
            "shared": self.shared,
            "notes": self.notes,
        }


def verify(
    private: Path,
    to: str,
    recipe: Recipe,
    *,
    branch: Refs | str | None = None,
    progress: Progress,
) -> VerifyReport:
    """Verify a public repository against the private one.

    Args:
        private: the private repository.
        to: the public repository.
        recipe: what is public.
        branch: branches that must be there, or one; the current one where None.
        progress: told how far it is.

    Raises:
        InputError: the public repository lacks the branch (``verify-nothing-published``).
    """
    source = Private(private, branch)
    target = Target(to, private)
    store = Store(source.common)
    with store.locked():
        store.prepare(source.git)
        refs = target.refs(store.git)
        heads = "refs/heads/"
        branches = [ref.removeprefix(heads) for ref in sorted(refs) if ref.startswith(heads)]
        for head in source.heads:
            if head.public not in branches:
                raise InputError(
                    "verify-nothing-published",
                    f"{target.label} has no branch {head.public}.",
                    "Publish it first.",
                )
        report = VerifyReport(target.label, branches)
        with _public_repository(target, store) as public:
            _Verification(private, source, store, recipe, public, report, progress).run()
    return report


@contextmanager
def _public_repository(target: Target, store: Store) -> Iterator[Git]:
    """Give a repository with the public objects and no others: itself, or a fresh copy."""
    if target.path is not None:
        yield Git(target.path)
        return
    copy = store.folder / "verify.git"
    shutil.rmtree(copy, ignore_errors=True)
    try:
        store.git.run("clone", "-q", "--mirror", "--", target.address, str(copy.absolute()))
        yield Git(copy)
    finally:
        shutil.rmtree(copy, ignore_errors=True)


class _Verification:
    def __init__(
        self,
        private: Path,
        source: Private,
        store: Store,
        recipe: Recipe,
        public: Git,
        report: VerifyReport,
        progress: Progress,
    ) -> None:
        self._private = private
        self._source = source
        self._store = store
        self._recipe = recipe
        self._public = public
        self._report = report
        self._progress = progress
        self._apart = [f"--exclude={NOTES_REF}"]
        """Refs that are looked at apart from the history."""

    def run(self) -> None:
        """Fill the report."""
        path = self._store.folder / "verify-ledger"
        path.unlink(missing_ok=True)
        if self._public.text("rev-parse", "--is-shallow-repository") == "true":
            self._report.problems.append(
                "The public repository is shallow: older commits are not in it and cannot be seen."
            )
        try:
            ledger = Ledger(path)
            with self._store.git.batch() as batch:
                for source in self._sources():
                    carry_forward(source, self._store, self._recipe, ledger, batch, self._progress)
                read = Reader(batch, str(self._source.common))
                self._check_notes(ledger, read)
                self._check_commits(ledger, read)
                self._check_tags(ledger, batch)
                self._check_contents(ledger, read)
            self._report.problems += note_problems(self._public)
        finally:
            path.unlink(missing_ok=True)

    def _sources(self) -> Iterator[Private]:
        yield self._source
        known = {head.public for head in self._source.heads}
        for branch in self._report.branches:
            if branch not in known:
                try:
                    yield Private(self._private, branch)
                except InputError:
                    # A contribution's branch, or one that was renamed. Its commits are held to
                    # the same as all: what does not come out of the private history is told.
                    self._report.notes.append(
                        f"public branch {branch}: no private branch stands behind it"
                    )

    def _check_notes(self, ledger: Ledger, read: Reader) -> None:
        """Hold public notes that the manifest publishes against the private ones."""
        ids = CommitIds(ledger, self._source.is_before)
        held = NotesOf(self._source, ledger, read, self._recipe, ids)
        for name in self._source.notes:
            ref = f"refs/notes/{name}"
            found = self._public.attempt("rev-parse", "--verify", "--quiet", ref)
            if found.returncode == 0:
                commit = bytes.fromhex(found.stdout.decode().strip())
                self._report.problems += notes_problems(self._public, commit, held, name)
                self._apart.append(f"--exclude={ref}")

    def _check_commits(self, ledger: Ledger, read: Reader) -> None:
        """Prove every public commit with the objects of the public repository."""
        listed = self._public.text("rev-list", *self._apart, "--all").split()
        found = [bytes.fromhex(row) for row in listed]
        self._report.commits = len(found)
        ours = {entry.public: entry for entry in ledger if not entry.pruned}
        unknown = [name.hex() for name in found if name not in ours]
        if unknown:
            self._report.problems.append(
                f"{len(unknown)} public commits do not come out of the private history, "
                f"such as {unknown[0][:12]}."
            )
        entries = [ours[name] for name in found if name in ours]
        with self._public.batch() as batch:
            public = Reader(batch, self._report.target)
            ids = CommitIds(ledger, self._source.is_before)
            proof = Proof(self._recipe, private=read, public=public, ids=ids)
            for start in range(0, len(entries), RUN_SIZE):
                self._progress("prove", start, len(entries))
                self._prove(proof, entries[start : start + RUN_SIZE], ledger)

    def _prove(self, proof: Proof, entries: list[Entry], ledger: Ledger) -> None:
        def mapped(name: bytes) -> bytes | None:
            entry = ledger.get(name)
            return None if entry is None else entry.public

        try:
            proof.check(entries, mapped)
        except InternalError as error:
            self._report.problems.append(error.sentence)

    def _check_tags(self, ledger: Ledger, batch: Batch) -> None:
        """Hold what public tags say against the private ones."""
        listed = self._public.text(
            "for-each-ref", "--format=%(objecttype) %(objectname) %(refname)", "refs/tags"
        )
        ours = {f"refs/tags/{tag.name}": tag for tag in self._source.tags}
        ids = CommitIds(ledger, self._source.is_before)

        def mapped(name: bytes) -> bytes | None:
            entry = ledger.get(name)
            return None if entry is None else entry.public

        with self._public.batch() as public:
            read = _BothReader(batch, public, self._report.target)
            for row in listed.splitlines():
                kind, target, ref = row.split(" ", 2)
                tag = ours.get(ref)
                if kind == "commit" and (tag is None or tag.annotated):
                    self._report.notes.append(f"{ref}: is no such tag of the private repository")
                    continue
                try:
                    move = Move(ref, None, bytes.fromhex(target))
                    prove_refs(self._source, [move], mapped, read, self._recipe, ids)
                except CorelineError:
                    self._report.problems.append(
                        f"{ref}: names or says something else than the private tag."
                    )

    def _contents(self, commits: list[bytes], read: Reader) -> list[Contents]:
        """Return the contents of commits, apart for each line that holds for some of them."""
        found: dict[str, Contents] = {}
        for start in range(0, len(commits), RUN_SIZE):
            run = commits[start : start + RUN_SIZE]
            parts = [parse_commit(data) for data in read(run)]
            held = self._recipe.lines.of(run, parts, read)
            for digest, line in {one.digest: one.line for one in held}.items():
                contents = found.setdefault(digest, Contents(line, read))
                contents.collect(
                    name for name, one in zip(run, held, strict=True) if one.digest == digest
                )
        return list(found.values())

    def _check_contents(self, ledger: Ledger, read: Reader) -> None:
        """Look where each reachable content lay in the private history."""
        listing = self._public.run(
            "rev-list",
            "--objects",
            *self._apart,
            "--all",
            "--filter=object:type=blob",
            "--filter-provided-objects",
        )
        rows = (row.partition(b" ") for row in listing.splitlines())
        blobs = {bytes.fromhex(name.decode()): path for name, _, path in rows}
        contents = self._contents([entry.private for entry in ledger], read)
        core = set[bytes]().union(*(one.core for one in contents))
        if self._recipe.regions:
            core |= {object_id(b"blob", without_regions(data) or b"") for data in read(core)}
        other = set[bytes]().union(*(one.other for one in contents))
        self._report.contents = len(blobs)
        self._report.notes += [
            f"{link}: leads nowhere" for one in contents for link in one.links_out()
        ]
        strays = [path for name, path in blobs.items() if name not in core]
        for path in sorted(strays):
            self._report.problems.append(
                f"{path.decode('utf-8', 'replace')}: this content never was core."
            )
        shared = {path for name, path in blobs.items() if name in other}
        self._report.shared = sorted(path.decode("utf-8", "replace") for path in shared)


class _BothReader(Reader):
    """Reads private objects and, where there is none of an id, public ones."""

    def __init__(self, private: Batch, public: Batch, where: str) -> None:
        super().__init__(public, where)
        self._first = private

    def __call__(self, names: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the objects, in order."""
        for name in names:
            found = self._first.one(name.hex()).data
            yield next(super().__call__([name])) if found is None else found
