# SPDX-License-Identifier: Apache-2.0
"""Progress on standard error: a bar on a terminal, otherwise a line now and then."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# Where nobody watches, a log should stay short; what ends sooner says nothing.
_SECONDS_BETWEEN_LINES = 5.0

Tell = Callable[[str, int, int], None]


@contextmanager
def progress() -> Iterator[Tell]:
    """Give a function to call with what is being done, how much of it is done, and of how much."""
    if not sys.stderr.isatty():
        yield _Lines().tell
        return
    from rich.console import Console
    from rich.progress import Progress, TaskID

    with Progress(console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def tell(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total or 1)
            bar.update(tasks[what], completed=done if total else 1, total=total or 1)

        yield tell


class _Lines:
    def __init__(self) -> None:
        self._said = time.monotonic()

    def tell(self, what: str, done: int, total: int) -> None:
        """Print a line, unless the last one is fresh."""
        if time.monotonic() - self._said >= _SECONDS_BETWEEN_LINES:
            self._said = time.monotonic()
            print(f"{what}: {done:,} of {total:,}", file=sys.stderr)
