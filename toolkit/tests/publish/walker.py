# SPDX-License-Identifier: Apache-2.0
"""An independent walker: git itself says how each public tree differs from its private one.

It shares nothing with what it judges but the line. Between the private tree of a commit and the
public one, ``git diff-tree`` may find removed files alone, none of them core; and no path that any
public commit ever had may be other than core. Both together say that the public tree is the core.

By hand, on a history that was published (or with ``publish --dry-run``)::

    python toolkit/tests/publish/walker.py REPOSITORY MANIFEST
"""

import os
import struct
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from coreline.manifest.parse import parse_manifest

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


def differing(repository: Path, side: Callable[[str], str], pairs: dict[str, str]) -> list[str]:
    """Return what is wrong: a commit and a path each.

    Args:
        repository: where git finds the objects of both.
        side: "core" or anything else, of a path.
        pairs: public commits by their private ones; an empty text where nothing is public.
    """
    return [*_changed(repository, side, pairs), *_beyond(repository, side, pairs.values())]


def _changed(repository: Path, side: Callable[[str], str], pairs: dict[str, str]) -> list[str]:
    """What is not a removal of a file that is not core."""
    trees = _trees(repository, {*pairs, *pairs.values()} - {""})
    asked: dict[str, list[str]] = {}
    for private, public in pairs.items():
        question = f"{trees[private]} {trees[public] if public else EMPTY_TREE}"
        asked.setdefault(question, []).append(private)
    given = "".join(f"{question}\n" for question in asked)
    said = _git(repository, "diff-tree", "--stdin", "-r", "-z", "--no-renames", given=given)
    wrong = []
    where = ""
    parts = iter(said.split("\0"))
    for part in parts:
        if "\n" in part:
            where, _, part = part.rpartition("\n")
        if part.startswith(":"):
            path = next(parts)
            if not part.endswith(" D") or side(path) == "core":
                wrong += [f"{commit} {path}" for commit in asked[where]]
        elif part:
            where = part
    return wrong


def _beyond(repository: Path, side: Callable[[str], str], tips: Iterable[str]) -> list[str]:
    """Paths that a public commit brought in and that are not core."""
    given = "".join(f"{tip}\n" for tip in {*tips} - {""})
    if not given:
        return []
    options = ("--format=", "--name-only", "--no-renames", "-m", "--root", "-z", "-r")
    said = _git(repository, "log", "--stdin", "--no-walk=unsorted", *options, given=given)
    paths = {path.lstrip("\n") for path in said.split("\0")} - {""}
    return [f"public {path}" for path in sorted(paths) if side(path) != "core"]


def _trees(repository: Path, commits: Iterable[str]) -> dict[str, str]:
    names = sorted(commits)
    given = "".join(f"{name}^{{tree}}\n" for name in names)
    said = _git(repository, "cat-file", "--batch-check=%(objectname)", given=given)
    return dict(zip(names, said.split(), strict=True))


def _git(repository: Path, *arguments: str, given: str) -> str:
    public = repository / "coreline" / "publish" / "public.git" / "objects"
    done = subprocess.run(
        ["git", "-C", str(repository), *arguments],
        input=given.encode(),
        capture_output=True,
        check=True,
        env=os.environ | {"GIT_ALTERNATE_OBJECT_DIRECTORIES": str(public)},
    )
    return done.stdout.decode("utf-8", "surrogateescape")


def pairs_of(ledger: Path) -> dict[str, str]:
    """Read a ledger by its form on disk: runs of a tip, a count, entries and a checksum."""
    data = ledger.read_bytes()
    at = data.index(b"\n") + 1
    found = {}
    while at < len(data):
        (count,) = struct.unpack_from(">I", data, at + 20)
        at += 24
        for place in range(at, at + 41 * count, 41):
            public = data[place + 20 : place + 40]
            found[data[place : place + 20].hex()] = public.hex() if any(public) else ""
        at += 41 * count + 32
    return found


def main() -> None:
    """Walk what one repository published."""
    repository, manifest = Path(sys.argv[1]), Path(sys.argv[2])
    line = parse_manifest(manifest.read_text()).line
    (ledger,) = (repository / "coreline" / "publish").glob("ledger-*")
    pairs = pairs_of(ledger)
    wrong = differing(repository, line.side, pairs)
    print(f"{len(pairs)} commits, {len(wrong)} differ", *wrong[:20], sep="\n")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
