# SPDX-License-Identifier: Apache-2.0
"""Where private and public are, read without changing either."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

import msgspec

from coreline.manifest.parse import ParsedManifest
from coreline.publish.ledger import Ledger
from coreline.publish.outside import Target
from coreline.publish.private import Private
from coreline.publish.recipe.recipe import Recipe
from coreline.publish.records import Record, read_records
from coreline.publish.side_by_side.pending import LinePending, line_pending
from coreline.publish.side_by_side.unpublished import Unpublished, look_at
from coreline.publish.store import Store


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

    @property
    def drifted(self) -> bool:
        """Whether the public branch is not where the last publish left it."""
        gone = self.last is not None and self.public is None
        return gone or self.moved or self.set_back

    @property
    def in_step(self) -> bool:
        """Whether nothing waits on either side, and the rule is that of the last publish."""
        is_same = self.last is not None and self.last.rule == self.rule
        return is_same and not (self.unpublished or self.waiting or self.drifted)

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
            "in_step": self.in_step,
        }


def read_status(
    private: Path, to: str, recipe: Recipe, parsed: ParsedManifest, *, branch: str | None = None
) -> Status:
    """Return where private and public are.

    Raises:
        InputError: there is no such repository or branch.
        OutsideError: the public repository cannot be reached.
    """
    source = Private(private, branch)
    target = Target(to, private)
    store = Store(source.common)
    records = read_records(store.folder)
    last = next((r for r in records if (r.target, r.branch) == (target.label, source.branch)), None)
    refs = target.refs(source.git)
    tip = refs.get(f"refs/heads/{source.public_branch}")
    rule = recipe.digest
    published = [] if last is None else [bytes.fromhex(last.private)]
    known = Ledger(store.ledger_path(rule)).get(source.tip)
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
    )


# Where forges keep what somebody asks to be taken in.
_REQUESTS = re.compile(r"^refs/(?:heads/.+|(?:pull|merge-requests)/\d+/head)$")


def _waiting(refs: Mapping[str, bytes], store: Store) -> list[str]:
    """Return the names of branches and requests that hold commits of others."""
    asked = {ref: name for ref, name in refs.items() if _REQUESTS.match(ref)}
    ours = store.ours(asked.values()) if asked else set()
    return sorted(
        ref.removeprefix("refs/heads/") for ref, name in asked.items() if name not in ours
    )
