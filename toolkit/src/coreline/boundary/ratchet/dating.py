# SPDX-License-Identifier: Apache-2.0
"""When something left the core, and by which commit: found among the changes of its files."""

from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from coreline.boundary.ratchet.manifests import left_by_manifest
from coreline.boundary.ratchet.model import Left, Licensed, State
from coreline.boundary.ratchet.narrowing import narrower
from coreline.errors import InputError
from coreline.manifest.claims import Line
from coreline.manifest.parse import parse_manifest
from coreline.sources.changes import Change
from coreline.sources.commits import Details

Content = Callable[[str], bytes | None]
"""Returns a content by its id."""


class Dating:
    """Finds the commit of each thing that left.

    Args:
        before: the earlier state.
        after: the later state.
        changes: of every path that something touched, newest first.
        content: reads blobs.
        licensed: says under which license a file is, by its path and content.
    """

    def __init__(
        self,
        before: State,
        after: State,
        changes: Mapping[str, Sequence[Change]],
        content: Content,
        licensed: Callable[[str, bytes], Licensed | None],
    ) -> None:
        self._before = before
        self._after = after
        self._changes = changes
        self._content = content
        self._licensed = licensed

    def commit_of(self, left: Left) -> Details | None:
        """Return who made the commit; None where git shows none (a merge did it)."""
        rows = [(path, one) for path in left.touched for one in self._changes.get(path, ())]
        if left.shown_by == "manifest":
            rows = [row for row in rows[::-1] if self._says(left, row[1])][:1]
        elif left.shown_by in ("license", "unknown"):
            rows = [row for row in rows[::-1] if self._states(left, *row)][:1]
        elif left.shown_by == "added":
            rows = [row for row in rows if row[1].status == "A"][-1:]
        else:
            rows = [row for row in rows if row[1].status == "D"][:1] or rows[:1]
        return rows[0][1].details if rows else None

    def _says(self, left: Left, change: Change) -> bool:
        """Whether the manifest after a commit takes the same from the core."""
        data = self._content(change.blob)
        if data is None:
            return False
        try:
            parsed = parse_manifest(data.decode("utf-8", "replace"))
        except InputError:
            return False
        state = replace(self._after, parsed=parsed, line=Line(parsed.manifest))
        if left.path in self._before.blobs and left.path == left.names[0]:
            return state.is_wrap(left.path)
        return any(one.message == left.message for one in left_by_manifest(self._before, state))

    def _states(self, left: Left, path: str, change: Change) -> bool:
        """Whether a file states the narrower license, or an unknown one, after a commit."""
        data = self._content(change.blob)
        stated = None if data is None else self._licensed(path, data)
        if stated is None:
            return False
        if stated.expression is None:
            return left.shown_by == "unknown"
        return narrower(left.names[0], stated.expression) is not None
