# SPDX-License-Identifier: Apache-2.0
"""What a publish did, as a value: for people, for scripts, and for the record that is kept."""

from dataclasses import dataclass, field
from typing import TypedDict

from coreline.publish.history import Carried
from coreline.publish.leaving.check import Left, LeftJson
from coreline.publish.outside import Move
from coreline.publish.tags import PublicTags


class PublishJson(TypedDict):
    """The JSON of a publish; ids are hexadecimal."""

    target: str
    branch: str
    private: str
    public: str
    pushed: bool
    rule: str
    commits: dict[str, int]
    proof: dict[str, int]
    moved: dict[str, dict[str, str | None]]
    tags: dict[str, object]
    unclaimed: list[str]
    malformed: list[str]
    recipe: dict[str, object]
    left: LeftJson | None
    record: dict[str, object] | None
    warnings: list[str]


@dataclass
class PublishReport:
    """A publish that passed its proof.

    ``commits``, ``published`` and ``pruned`` count the private commits that were new to the
    ledger; ``pushed`` is false for a dry run. ``unclaimed`` are files and folders of older commits
    that are not published because no side claims them today, ``malformed`` those whose region
    markers do not fit together; ``recipe`` is what was chosen. ``left`` is what was looked for in
    what leaves, ``record`` what the record of it says, ``signer`` whose key signed that.
    """

    target: str
    branch: str
    private: bytes
    public: bytes
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
            "unclaimed": self.unclaimed,
            "malformed": self.malformed,
            "recipe": self.recipe,
            "left": None if self.left is None else self.left.to_json(),
            "record": self.record,
            "warnings": self.warnings,
        }
