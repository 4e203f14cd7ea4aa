# SPDX-License-Identifier: Apache-2.0
"""What becomes of the ids of private commits that a message holds.

Only a commit before the one that speaks is renamed: its public id is settled whatever the order
of work, so the result is a pure function of the commit. A commit that has none of its own in
public is named by no id at all.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable

from coreline.publish.ledger import Entry
from coreline.publish.recipe.messages import Renamed

PRIVATE = "(private)"
"""What stands in place of the id of a commit that is not public."""

_INDEXED = 7
_SHOWN_MIN = 12


class CommitIds:
    """Finds commits by what a message calls them.

    Args:
        entries: what became of the commits of earlier runs; read when a message first asks.
        is_before: whether the first commit is the second one or before it.
    """

    def __init__(self, entries: Iterable[Entry], is_before: Callable[[bytes, bytes], bool]) -> None:
        self._entries = entries
        self._is_before = is_before
        self._index: dict[str, list[Entry]] | None = None
        self._waiting: list[Entry] = []

    def add(self, entries: Iterable[Entry]) -> None:
        """Take in what became of some more commits."""
        self._waiting += entries

    def renamed_at(self, commit: bytes) -> Renamed:
        """Return what a message of a commit may call by another id."""

        def renamed(text: str) -> str | None:
            fitting = [
                entry
                for entry in self._found(text)
                if entry.private.hex().startswith(text) and self._is_before(entry.private, commit)
            ]
            if len(fitting) != 1:
                return None
            entry = fitting[0]
            if entry.pruned or entry.public is None:
                return PRIVATE
            return entry.public.hex()[: max(len(text), _SHOWN_MIN)]

        return renamed

    def _found(self, text: str) -> list[Entry]:
        if self._index is None:
            self._index = defaultdict(list)
            self._waiting = [*self._entries, *self._waiting]
        for entry in self._waiting:
            self._index[entry.private.hex()[:_INDEXED]].append(entry)
        self._waiting = []
        # A commit may be told twice, by the ledger and by the run that it was added in.
        return list(dict.fromkeys(self._index.get(text[:_INDEXED], ())))


def nothing_renamed(_commit: bytes) -> Renamed:
    """Return what renames nothing, for recipes that leave ids as they are."""
    return lambda _text: None
