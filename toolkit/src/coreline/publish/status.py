# SPDX-License-Identifier: Apache-2.0
"""Where private and public are, read without changing either."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import msgspec

from coreline.publish.ledger import Ledger
from coreline.publish.outside import Target
from coreline.publish.private import Private
from coreline.publish.recipe.recipe import Recipe
from coreline.publish.records import Record, read_records
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


@dataclass(frozen=True)
class Status:
    """Where private and public are.

    ``last`` is the last publish from here and ``rule`` the digest of today's claims, under which
    a publish proves. ``unpublished`` counts the private commits since, 0 where they are known to
    have no trace in the core; ``public`` is where the public branch is now and ``moved`` whether
    somebody else moved it. ``waiting`` are public branches and requests with commits that were not
    published from here: contributions, which ``coreline import`` takes in.
    """

    target: str
    branch: str
    rule: str
    last: Record | None
    unpublished: int
    public: str | None
    moved: bool
    waiting: list[str]

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
        }


def read_status(private: Path, to: str, recipe: Recipe, *, branch: str | None = None) -> Status:
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
    if known is not None and tip is not None and known.public == tip:
        # Commits of the wrap alone move no public branch, so no record speaks of them.
        published = [source.tip]
    return Status(
        target=target.label,
        branch=source.branch,
        rule=rule,
        last=last,
        unpublished=len(source.commits(published)),
        public=None if tip is None else tip.hex(),
        moved=tip is not None and not store.is_ours(tip),
        waiting=_waiting(refs, store),
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
