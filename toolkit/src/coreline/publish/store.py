# SPDX-License-Identifier: Apache-2.0
"""Where public objects wait before they go out: a bare repository inside the private git directory.

It borrows the private repository's objects through git's alternates and holds only what is new:
filtered trees, rewritten commits and tags. So the user's own refs and object store stay as they
were, git's garbage collection finds nothing of ours to prune, and a push from here can reach
nothing but public commits.
"""

import fcntl
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from coreline.errors import InputError
from coreline.publish.ledger import Ledger
from coreline.sources.git import Git, may_be_lean

_ATTEMPTS = 6
_PAUSE_SECONDS = 0.05


class Store:
    """The folder ``coreline/publish`` of a private git directory.

    Args:
        common: the git directory (of all work trees).
    """

    def __init__(self, common: Path) -> None:
        self.folder = common / "coreline" / "publish"
        self.repository = self.folder / "public.git"
        self.objects = self.repository / "objects"
        # The private repository's commit-graph knows no public commit: git would walk to the root
        # of the history before it said what is new.
        lean = may_be_lean(common / "objects")
        self.git = Git(self.repository, lean=lean, settings=("core.commitGraph=false",))

    def prepare(self, private: Git) -> None:
        """Make the bare repository, where it is not there yet."""
        alternates = self.objects / "info" / "alternates"
        if not alternates.exists():
            private.run(
                "init", "-q", "--bare", "--template=", "--object-format=sha1", str(self.repository)
            )
            alternates.parent.mkdir(parents=True, exist_ok=True)
            # Relative, so that the private repository may be moved.
            alternates.write_text("../../../../objects\n")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other publishes of this repository out; a killed one holds nothing.

        Raises:
            InputError: another is running (``publish-running``).
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as file:
            _lock(file.fileno())
            yield

    def ledger_path(self, digest: str) -> Path:
        """Return the file of the commits that were proven under a rule."""
        return self.folder / f"ledger-{digest}"

    def remembered(self, what: str, digest: str) -> Path:
        """Return a file beside the ledgers that can be deleted at any time and is made again.

        Args:
            what: is remembered there.
            digest: of the claims that it is true under.
        """
        return self.folder / f"{what}-{digest}"

    def is_ours(self, public: bytes) -> bool:
        """Whether a commit was published from here, under today's claims or earlier ones."""
        return public in self.ours([public])

    def ours(self, public: Iterable[bytes]) -> set[bytes]:
        """Return those of some commits that were published from here."""
        asked = set(public)
        ledgers = (Ledger(path) for path in sorted(self.folder.glob("ledger-*")))
        return {
            entry.public
            for ledger in ledgers
            for entry in ledger
            if entry.public is not None and entry.public in asked
        }


def _lock(handle: int) -> None:
    # A process that is killed while it starts git leaves, for a moment, a child that holds the
    # lock as well.
    for attempt in range(_ATTEMPTS):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if attempt + 1 < _ATTEMPTS:
                time.sleep(_PAUSE_SECONDS)
                continue
            raise InputError(
                "publish-running",
                "Another publish of this repository is running.",
                "Wait until it has ended.",
            ) from error
        return
