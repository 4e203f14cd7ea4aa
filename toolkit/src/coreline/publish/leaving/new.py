# SPDX-License-Identifier: Apache-2.0
"""What a push would make public that is not public yet: commits, tags and contents."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from coreline.publish.leaving.raw import Change, changes
from coreline.publish.outside import Move
from coreline.sources.git import Batch, Git, GitObject
from coreline.sources.objects import parse_tag

SIZE_MAX = 4 * 1024 * 1024
"""Contents of more bytes are not looked into: they are data, and are counted."""

_ROUND = 2000
# So many commits are searched as one text; few of many texts have anything in them.
_TOGETHER = 16
_KINDS = {"heads": "branch", "tags": "tag"}


@dataclass(frozen=True)
class Saying:
    """A commit or a tag that is new, as its lines in the order it has them, less its ids.

    The name of a new ref is one too (``is_name``): a single line, whose words dashes, slashes and
    dots part.
    """

    kind: str
    name: str
    lines: tuple[bytes, ...]
    is_name: bool = False

    def place(self, index: int) -> str:
        """Say where one of the lines stands: the header it is in, or its number in the message."""
        if self.is_name:
            return "its name"
        end = self.lines.index(b"") if b"" in self.lines else len(self.lines)
        if index > end:
            return f"line {index - end} of its message"
        while index and self.lines[index].startswith(b" "):
            index -= 1
        header = self.lines[index].partition(b" ")[0].decode("utf-8", "replace")
        return f"its {header}"


class New:
    """What is reachable from the refs of a push and from none that were seen.

    Args:
        git: the store of public objects.
        batch: reads them, and the private ones that they borrow.
        seen: what the public refs name.
        moves: what the push moves.
        named: how a commit is called where something is said about it: whoever reads that looks
            for it in the private repository.
    """

    def __init__(
        self,
        git: Git,
        batch: Batch,
        seen: Iterable[bytes],
        moves: Iterable[Move],
        named: Callable[[bytes], bytes] = lambda commit: commit,
    ) -> None:
        self._git = git
        self._batch = batch
        self._seen = list(dict.fromkeys(seen))
        self.moves = list(moves)
        self._named = named
        self.noted: list[Change] = []
        """The contents of notes, each as if its commit had brought it."""
        self.said_beside: list[Saying] = []
        """What leaves beside commits and tags."""
        self.objects_read = 0
        """How many objects were read: the cost, for tests."""

    @cached_property
    def commits(self) -> list[bytes]:
        """The commits, parents first."""
        wanted = b"".join(move.after.hex().encode() + b"\n" for move in self.moves)
        known = b"".join(b"^%b\n" % name.hex().encode() for name in self._seen)
        listing = self._git.run(
            "rev-list", "--topo-order", "--reverse", "--ignore-missing", "--stdin",
            stdin=wanted + known,
        )  # fmt: skip
        return [bytes.fromhex(row.decode()) for row in listing.split()]

    @cached_property
    def contents(self) -> list[Change]:
        """The contents that the commits bring, each at every path where one brings it."""
        return list(changes(self._git, self.commits)) if self.commits else []

    def sayings(self, likely: Callable[[bytes], object] = bool) -> Iterable[Saying]:
        """Yield what commits and annotated tags say, and the names of new refs.

        Args:
            likely: says of some commits, joined by line ends, whether any is wanted; all are
                where nothing is given.
        """
        yield from self._names()
        yield from self.said_beside
        waiting = iter(self.read(self.commits))
        while some := list(islice(waiting, _TOGETHER)):
            if likely(b"\n".join(one.data or b"" for one in some)):
                yield from self._said(some)
        for move in self.moves:
            if move.ref.startswith("refs/tags/"):
                yield from self._tags(move)

    def _names(self) -> Iterator[Saying]:
        # A public name that is there already says nothing new.
        for ref in (move.ref for move in self.moves if move.before is None):
            folder, _, name = ref.removeprefix("refs/").partition("/")
            kind = _KINDS.get(folder, folder)
            yield Saying(kind, name, (name.encode("utf-8", "surrogateescape"),), is_name=True)

    def _said(self, commits: Iterable[GitObject]) -> Iterator[Saying]:
        for found in commits:
            lines = (found.data or b"").split(b"\n")
            said = tuple(row for row in lines if not row.startswith((b"tree ", b"parent ")))
            yield Saying("commit", self.called(bytes.fromhex(found.name)), said)

    @property
    def private_commits(self) -> list[bytes]:
        """The private commits of the commits; a public one where there is no other."""
        return [self._named(commit) for commit in self.commits]

    def called(self, commit: bytes) -> str:
        """Return what a commit is called, for people."""
        return self._named(commit).hex()[:12]

    def _tags(self, move: Move) -> Iterable[Saying]:
        name = move.after
        while True:
            found = next(iter(self.read([name])))
            if found.kind != "tag" or found.data is None:
                return
            lines = found.data.split(b"\n")
            yield Saying("tag", move.ref.removeprefix("refs/tags/"), tuple(lines[1:]))
            name = parse_tag(found.data).target

    def read(self, names: Iterable[bytes]) -> Iterable[GitObject]:
        """Read objects, a round at a time; large ones are not."""
        waiting = iter(names)
        while some := list(islice(waiting, _ROUND)):
            self.objects_read += len(some)
            yield from self._batch.read((name.hex() for name in some), size_max=SIZE_MAX)
