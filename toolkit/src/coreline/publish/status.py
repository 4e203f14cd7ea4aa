# SPDX-License-Identifier: Apache-2.0
"""Where private and public are, read without changing either."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

import msgspec

from coreline.errors import InputError, OutsideError
from coreline.manifest.parse import ParsedManifest
from coreline.publish.ledger import Ledger
from coreline.publish.outside import Target
from coreline.publish.private import Private
from coreline.publish.recipe.recipe import Recipe
from coreline.publish.records import Record, read_records
from coreline.publish.side_by_side.pending import LinePending, line_pending
from coreline.publish.side_by_side.tags import TagsApart, tags_apart
from coreline.publish.side_by_side.unpublished import Unpublished, look_at
from coreline.publish.store import Store
from coreline.sources.git import Git


class StatusJson(TypedDict):
    """The JSON of a status; ids are hexadecimal."""

    target: str
    branch: str
    rule: str
    last: dict[str, str] | None
    unpublished: int
    public: str | None
    moved: bool
    waiting: list[str]
    commits: list[dict[str, object]]
    line_pending: dict[str, list[str]] | None
    set_back: bool
    detached: bool
    unreachable: str | None
    tags: dict[str, list[str]]
    needs_rebuild: bool | None
    in_step: bool


@dataclass(frozen=True)
class Status:
    """Where private and public are.

    ``last`` is the last publish from here and ``rule`` the digest of today's claims, under which
    a publish proves. ``unpublished`` counts the private commits since, 0 where they are known to
    have no trace in the core; ``public`` is where the public branch is now and ``moved`` whether
    somebody else moved it. ``waiting`` are public branches and requests with commits that were not
    published from here: contributions, which ``coreline import`` takes in. ``commits`` are the
    newest of the unpublished, and ``pending`` is what the manifest moves since the last publish:
    None where nothing was published, or that commit has no manifest. ``set_back`` says that the
    public branch is at a commit that was published from here, and not at the last one.
    ``detached`` says that no branch is checked out, and ``branch`` is the last one published;
    ``unreachable`` why the public repository could not be asked: then all else is what is known
    here. ``needs_rebuild`` is whether the next publish replaces public commits, as the rule is
    another one: None where only a dry run can tell.
    """

    target: str
    branch: str
    rule: str
    last: Record | None
    unpublished: int
    public: str | None
    moved: bool
    waiting: list[str]
    commits: list[Unpublished] = field(default_factory=list)
    pending: LinePending | None = None
    set_back: bool = False
    detached: bool = False
    unreachable: str | None = None
    tags: TagsApart = field(default_factory=TagsApart)
    needs_rebuild: bool | None = False

    @property
    def drifted(self) -> bool:
        """Whether the public branch is not where the last publish left it."""
        is_known = self.last is not None and self.unreachable is None
        gone = is_known and self.public is None
        return gone or self.moved or self.set_back

    @property
    def in_step(self) -> bool:
        """Whether nothing waits on either side, and the rule is that of the last publish."""
        is_same = self.last is not None and self.last.rule == self.rule
        is_open = self.unpublished or self.waiting or self.tags.wait or self.tags.differ
        return is_same and self.unreachable is None and not (is_open or self.drifted)

    def to_json(self) -> StatusJson:
        """Return the status as plain values."""
        last = None if self.last is None else msgspec.structs.asdict(self.last)
        return {
            "target": self.target,
            "branch": self.branch,
            "rule": self.rule,
            "last": last,
            "unpublished": self.unpublished,
            "public": self.public,
            "moved": self.moved,
            "waiting": self.waiting,
            "commits": [dict(one._asdict()) for one in self.commits],
            "line_pending": None if self.pending is None else self.pending.to_json(),
            "set_back": self.set_back,
            "detached": self.detached,
            "unreachable": self.unreachable,
            "tags": self.tags.to_json(),
            "needs_rebuild": self.needs_rebuild,
            "in_step": self.in_step,
        }


def read_status(
    private: Path, to: str, recipe: Recipe, parsed: ParsedManifest, *, branch: str | None = None
) -> Status:
    """Return where private and public are, or what is known of it here.

    Raises:
        InputError: there is no such repository or branch, or none is checked out and none was
            published.
    """
    target = Target(to, private)
    source, detached = _source(private, target.label, branch)
    store = Store(source.common)
    records = read_records(store.folder)
    last = next((r for r in records if (r.target, r.branch) == (target.label, source.branch)), None)
    refs, unreachable = _refs(target, source)
    tip = refs.get(f"refs/heads/{source.public_branch}")
    rule = recipe.digest
    published = [] if last is None else [bytes.fromhex(last.private)]
    ledger = Ledger(store.ledger_path(rule))
    known = ledger.get(source.tip)
    is_here = known is not None and tip is not None and known.public == tip
    if is_here:
        # Commits of the wrap alone move no public branch, so no record speaks of them.
        published = [source.tip]
    commits = source.commits(published)
    tip_now = source.tip.hex()
    moved = tip is not None and not store.is_ours(tip)
    is_last = last is not None and tip is not None and tip.hex() == last.public
    return Status(
        target=target.label,
        branch=source.branch,
        rule=rule,
        last=last,
        unpublished=len(commits),
        public=None if tip is None else tip.hex(),
        moved=moved,
        waiting=_waiting(refs, store),
        commits=look_at(source.git, commits, recipe.line),
        pending=None if last is None else line_pending(source.git, last.private, tip_now, parsed),
        # A publish that was killed between its push and its record left the branch right.
        set_back=last is not None and tip is not None and not (moved or is_last or is_here),
        detached=detached,
        unreachable=unreachable,
        tags=TagsApart() if unreachable else tags_apart(source.tags, refs, ledger, store),
        needs_rebuild=_needs_rebuild(last, rule, ledger),
    )


def _source(private: Path, label: str, branch: str | None) -> tuple[Private, bool]:
    """Return the branch; where none is checked out or named, the one that was published last."""
    try:
        return Private(private, branch), False
    except InputError as error:
        if error.code != "publish-no-branch":
            raise
        common = Git(private).text("rev-parse", "--path-format=absolute", "--git-common-dir")
        records = [one for one in read_records(Store(Path(common)).folder) if one.target == label]
        if not records:
            raise
        return Private(private, max(records, key=lambda one: one.at).branch), True


def _refs(target: Target, source: Private) -> tuple[dict[str, bytes], str | None]:
    """Return the public refs, or why they cannot be known."""
    try:
        return target.refs(source.git), None
    except OutsideError as error:
        return {}, error.sentence


def _needs_rebuild(last: Record | None, rule: str, ledger: Ledger) -> bool | None:
    if last is None or last.rule == rule:
        return False
    entry = ledger.get(bytes.fromhex(last.private))
    if entry is None:
        return None
    return entry.public is None or entry.public.hex() != last.public


# Where forges keep what somebody asks to be taken in.
_REQUESTS = re.compile(r"^refs/(?:heads/.+|(?:pull|merge-requests)/\d+/head)$")


def _waiting(refs: Mapping[str, bytes], store: Store) -> list[str]:
    """Return the names of branches and requests that hold commits of others."""
    asked = {ref: name for ref, name in refs.items() if _REQUESTS.match(ref)}
    ours = store.ours(asked.values()) if asked else set()
    return sorted(
        ref.removeprefix("refs/heads/") for ref, name in asked.items() if name not in ours
    )
