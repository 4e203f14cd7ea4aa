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


def differing_under(
    repository: Path,
    side_of: Callable[[str], Callable[[str], str]],
    moved: dict[str, str],
    pairs: dict[str, str],
) -> list[str]:
    """Return what is wrong under a recipe that moves folders and leaves regions out.

    Each public tree is made once more from what git lists of its private one, in the plainest way
    there is: a path and a file at a time.

    Args:
        repository: where git finds the objects of both.
        side_of: the side of a path in a private commit, whose line may be its own.
        moved: private folders and the public ones that they become, each with a slash at its end.
        pairs: public commits by their private ones; an empty text where nothing is public.
    """
    wrong = []
    for private, public in pairs.items():
        side = side_of(private)
        expected = {}
        for path, (mode, name) in _files(repository, private).items():
            made = _outside_regions(repository, mode, name)
            if side(path) == "core" and made is not None:
                folder = max((one for one in moved if path.startswith(one)), key=len, default="")
                expected[moved.get(folder, "") + path.removeprefix(folder)] = (mode, made)
        found = _files(repository, public) if public else {}
        wrong += [
            f"{private} {path}"
            for path in sorted({*expected, *found})
            if expected.get(path) != found.get(path)
        ]
    return wrong


def _files(repository: Path, commit: str) -> dict[str, tuple[str, str]]:
    said = _git(repository, "ls-tree", "-r", "-z", "--full-tree", commit, given="")
    rows = (row.partition("\t") for row in said.split("\0") if row)
    return {path: (head.split()[0], head.split()[2]) for head, _, path in rows}


def _outside_regions(repository: Path, mode: str, name: str) -> str | None:
    """Return the id of a file without its regions; None where its markers do not fit together."""
    if not mode.startswith("100"):
        return name
    text = _git(repository, "cat-file", "blob", name, given="")
    if "coreline:wrap-" not in text:
        return name
    parts = text.split("# coreline:wrap-begin\n")
    rest = [part.split("# coreline:wrap-end\n") for part in parts[1:]]
    if "coreline:wrap-end" in parts[0] or any(len(part) != 2 for part in rest):
        return None
    kept = parts[0] + "".join(part[1] for part in rest)
    return _git(repository, "hash-object", "--stdin", given=kept).strip()


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
