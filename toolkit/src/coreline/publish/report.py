# SPDX-License-Identifier: Apache-2.0
"""What a publish did, as a value: for people, for scripts, and for the record that is kept."""

from dataclasses import dataclass, field
from typing import NamedTuple, TypedDict

from coreline.publish.history import Carried
from coreline.publish.leaving.check import Left, LeftJson
from coreline.publish.outside import Move, Removal
from coreline.publish.tags import PublicTags


class PublishJson(TypedDict):
    """The JSON of a publish; ids are hexadecimal."""

    target: str
    branch: str
    private: str
    public: str
    branches: dict[str, dict[str, str]]
    unbacked: list[str]
    removed: dict[str, str]
    pushed: bool
    rule: str
    commits: dict[str, int]
    proof: dict[str, int]
    moved: dict[str, dict[str, str | None]]
    tags: dict[str, object]
    notes: dict[str, dict[str, int]]
    unclaimed: list[str]
    malformed: list[str]
    recipe: dict[str, object]
    left: LeftJson | None
    record: dict[str, object] | None
    warnings: list[str]


class PublishedBranch(NamedTuple):
    """A branch: its private and its public name, its private newest commit and the public one."""

    private_name: str
    public_name: str
    private: bytes
    public: bytes


@dataclass
class PublishReport:
    """A publish that passed its proof.

    ``branches`` are the published ones, of which the first is what a new public repository begins
    with. ``unbacked`` are public branches that no private branch stands behind and that stay,
    ``removed`` those that go because it was asked.

    ``commits``, ``published`` and ``pruned`` count the private commits that were new to the
    ledger; ``pushed`` is false for a dry run. ``unclaimed`` are files and folders of older commits
    that are not published because no side claims them today, ``malformed`` those whose region
    markers do not fit together; ``recipe`` is what was chosen. ``left`` is what was looked for in
    what leaves, ``notes`` how many notes are public now and how many were left out, ``record`` what
    the record of it says, ``signer`` whose key signed that.
    """

    target: str
    branches: list[PublishedBranch]
    tags: PublicTags
    moves: list[Move]
    pushed: bool = False
    rule: str = ""
    commits: int = 0
    published: int = 0
    pruned: int = 0
    trees_compared: int = 0
    unclaimed: list[str] = field(default_factory=list)
    malformed: list[str] = field(default_factory=list)
    recipe: dict[str, object] = field(default_factory=dict)
    left: Left | None = None
    total: int = 0
    record: dict[str, object] | None = None
    signer: str | None = None
    warnings: list[str] = field(default_factory=list)
    notes: dict[str, dict[str, int]] = field(default_factory=dict)
    unbacked: list[str] = field(default_factory=list)
    removed: list[Removal] = field(default_factory=list)

    @property
    def branch(self) -> str:
        """The public name of the first branch."""
        return self.branches[0].public_name

    @property
    def private(self) -> bytes:
        """The private newest commit of the first branch."""
        return self.branches[0].private

    @property
    def public(self) -> bytes:
        """The public newest commit of the first branch."""
        return self.branches[0].public

    @property
    def named(self) -> str:
        """The branches, for people: a renamed one with both names."""
        return ", ".join(
            one.public_name
            if one.public_name == one.private_name
            else f"{one.private_name} as {one.public_name}"
            for one in self.branches
        )

    def carried(self, carried: Carried) -> None:
        """Take over what was added to the history."""
        self.commits = carried.commits
        self.published = carried.published
        self.pruned = carried.pruned
        self.trees_compared = carried.trees
        self.unclaimed = carried.unclaimed
        self.malformed = carried.malformed

    def to_json(self) -> PublishJson:
        """Return the report as plain values."""
        return {
            "target": self.target,
            "branch": self.branch,
            "private": self.private.hex(),
            "public": self.public.hex(),
            "branches": {
                one.public_name: {
                    "branch": one.private_name,
                    "private": one.private.hex(),
                    "public": one.public.hex(),
                }
                for one in self.branches
            },
            "unbacked": self.unbacked,
            "removed": {one.ref: one.before.hex() for one in self.removed},
            "pushed": self.pushed,
            "rule": self.rule,
            "commits": {"new": self.commits, "published": self.published, "pruned": self.pruned},
            "proof": {"commits": self.commits, "trees": self.trees_compared},
            "moved": {
                move.ref: {
                    "from": None if move.before is None else move.before.hex(),
                    "to": move.after.hex(),
                }
                for move in self.moves
            },
            "tags": {
                "published": sorted(self.tags.ids),
                "unsigned": sorted(self.tags.unsigned),
                "left_out": dict(sorted(self.tags.left_out.items())),
            },
            "notes": self.notes,
            "unclaimed": self.unclaimed,
            "malformed": self.malformed,
            "recipe": self.recipe,
            "left": None if self.left is None else self.left.to_json(),
            "record": self.record,
            "warnings": self.warnings,
        }
