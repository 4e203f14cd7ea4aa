# SPDX-License-Identifier: Apache-2.0
"""50,000 paths against 200 globs take at most .3 s of CPU, beside pathspec on the same question.

pathspec answers whether any pattern matches, which is the easier question: the line needs to know
which ones do.
"""

import random
import time
from collections.abc import Callable, Iterable

from bench.measure import claim, in_turn, median, row

PATHS = 50_000
SECONDS_MAX = 0.3


def main() -> None:
    """Measure a tree as repositories have them, and one where no two files share a folder."""
    patterns = list(globs())
    for name, folders in (("5,000 folders", 5000), ("a folder for every file", PATHS)):
        paths = list(tree(folders))
        print(f"  {len(paths):,} paths, {len(patterns)} globs, {name}")
        compare(paths, patterns)


def compare(paths: list[str], patterns: list[str]) -> None:
    """Compile and match, both sides in turn; stop where they do not answer alike."""
    from pathspec import PathSpec

    from coreline.manifest.globset import GlobSet

    # A git-ignore pattern begins anywhere unless it begins with a slash.
    rooted = [f"/{pattern}" for pattern in patterns]
    ours, peer = GlobSet(patterns), PathSpec.from_lines("gitignore", rooted)
    for path in paths[::50]:
        if bool(ours.matches(path)) != peer.match_file(path):
            raise SystemExit(f"coreline and pathspec differ on {path}")

    our_seconds, peer_seconds = in_turn(
        seconds(lambda: list(map(GlobSet(patterns).matches, paths))),
        seconds(lambda: list(map(PathSpec.from_lines("gitignore", rooted).match_file, paths))),
        rounds=3,
        warm_up=0,
    )
    row("coreline, which globs match", our_seconds, "s CPU")
    row("pathspec, whether any glob matches", peer_seconds, "s CPU")
    claim("seconds of CPU", median(our_seconds), SECONDS_MAX, at_most=True)
    ratio = median(peer_seconds) / median(our_seconds)
    claim("pathspec takes times as long", ratio, 1, at_most=False)


def globs() -> Iterable[str]:
    """Yield 200 globs, of which 90 are of the kind that no leading folder narrows down."""
    yield from (f"**/d{number}/*.py" for number in range(90))
    yield from (f"d{number}/**" for number in range(40))
    yield from (f"d{number}/**/d{number + 1}/*_test.py" for number in range(40))
    yield from (f"**/*_{number}.ts" for number in range(15))
    yield from (f"d{number}/f{number}.md" for number in range(15))


def tree(folders: int) -> Iterable[str]:
    """Yield paths as a large repository has them; the same ones in every run."""
    dice = random.Random(7)
    names = [
        "/".join(f"d{dice.randrange(100)}" for _ in range(dice.randint(1, 6)))
        for _ in range(folders)
    ]
    for number in range(PATHS):
        suffix = dice.choice(["py", "ts", "md", "json", "go"])
        yield f"{dice.choice(names)}/f{number % 100}_{number % 40}.{suffix}"


def seconds(work: Callable[[], object]) -> Callable[[], float]:
    """Return a call that does some work and gives the CPU time it took."""

    def run() -> float:
        started = time.process_time()
        work()
        return time.process_time() - started

    return run


if __name__ == "__main__":
    main()
