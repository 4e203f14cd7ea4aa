# SPDX-License-Identifier: Apache-2.0
"""An artifact's own files where the repository has them, and the repository's wraps beside them.

So the ordinary checks can say what a file of the artifact refers to: what the wraps define is
known, though nothing of them is in the artifact.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from coreline.boundary.ownership import CORE
from coreline.sources.tree import Content, Entry, SourceTree


class Overlaid:
    """A ``SourceTree`` of files of an artifact and of the wraps.

    Args:
        artifact: reads the files of the artifact.
        placed: the files of it to look at, by their path in the repository, in its order.
        repository: reads the files of the wraps.
        entries: all files of the repository.
        owners: the owner of each.
    """

    space = "g"

    def __init__(
        self,
        artifact: SourceTree,
        placed: Mapping[str, Entry],
        repository: SourceTree,
        entries: Sequence[Entry],
        owners: Mapping[str, str],
    ) -> None:
        self.label = artifact.label
        self._artifact = artifact
        self._placed = placed
        self._repository = repository
        self._wraps = {
            one.path: one for one in entries if owners[one.path] != CORE and one.path not in placed
        }

    def entries(self) -> list[Entry]:
        """Return the artifact's files in its order, then those of the wraps."""
        own = [entry._replace(path=path) for path, entry in self._placed.items()]
        # A blob stands for a content in the repository's space, which may be another one.
        return [*own, *(one._replace(blob=None, stamp="") for one in self._wraps.values())]

    def read(self, entries: Iterable[Entry]) -> Iterator[Content]:
        """Yield the content of each entry, in order."""
        waiting = list(entries)
        own = self._artifact.read(
            self._placed[one.path] for one in waiting if one.path in self._placed
        )
        others = self._repository.read(
            self._wraps[one.path] for one in waiting if one.path not in self._placed
        )
        for entry in waiting:
            content = next(own if entry.path in self._placed else others)
            yield content._replace(entry=entry)
