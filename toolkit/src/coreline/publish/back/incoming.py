# SPDX-License-Identifier: Apache-2.0
"""Fetch a contribution beside the public objects: a branch, a range, or a bundle."""

from pathlib import Path
from typing import NamedTuple

from coreline.errors import InputError, OutsideError
from coreline.publish.outside import without_password
from coreline.publish.store import Store
from coreline.sources.git import Git

_REF = "refs/coreline/incoming"
_KNOWN = "refs/coreline/known"
_BUNDLE = (b"# v2 git bundle\n", b"# v3 git bundle\n")


class Incoming(NamedTuple):
    """A contribution: the public commits of it, parents first, and a name for people."""

    name: str
    commits: list[bytes]


def is_bundle(path: Path) -> bool:
    """Whether a file is a git bundle."""
    with path.open("rb") as file:
        return file.read(len(_BUNDLE[0])) in _BUNDLE


def heads_of(bundle: Path) -> list[str]:
    """Return the branches of a bundle."""
    listed = Git(bundle.parent).text("bundle", "list-heads", str(bundle.absolute()))
    names = [row.partition(" ")[2] for row in listed.splitlines()]
    return [name.removeprefix("refs/heads/") for name in names if name.startswith("refs/heads/")]


def fetch(store: Store, where: str, wanted: str, known: list[bytes]) -> Incoming:
    """Fetch a contribution and return its commits that are new.

    Args:
        store: holds the public objects; what is fetched is added there.
        where: a repository or a bundle that git can fetch from.
        wanted: a branch or another ref, a commit of one, or a range ``A..B``.
        known: public commits that stand for private ones.

    Raises:
        OutsideError: it cannot be fetched (``import-unreachable``).
        InputError: there is no such commit (``import-unknown``).
    """
    git = store.git
    _forget(git)
    for number, name in enumerate(known[-32:]):
        # Git then asks for what is new alone.
        git.run("update-ref", f"{_KNOWN}/{number}", name.hex())
    fetched = git.attempt(
        "fetch", "-q", "--no-tags", "--no-write-fetch-head", "--recurse-submodules=no",
        "--", where, "+refs/heads/*:" + f"{_REF}/heads/*", *_own_ref(wanted),
    )  # fmt: skip
    if fetched.returncode != 0:
        said = " ".join(fetched.stderr.decode("utf-8", "replace").split())
        raise OutsideError(
            "import-unreachable",
            f"{without_password(where)} cannot be fetched: {without_password(said)}",
            "Check the address, that you may read it, and the name of the branch.",
        )
    begin, dots, end = wanted.rpartition("..")
    tip = _resolved(git, end or "HEAD", where)
    excluded = [] if not dots else [_resolved(git, begin, where)]
    listed = git.run(
        "rev-list", "--topo-order", "--reverse", "--stdin", "--ignore-missing",
        stdin="\n".join([tip, *(f"^{name}" for name in excluded)]).encode()
        + b"".join(b"\n^%b" % name.hex().encode() for name in known),
    )  # fmt: skip
    return Incoming(wanted, [bytes.fromhex(row.decode()) for row in listed.split()])


def _own_ref(wanted: str) -> list[str]:
    """Return what to fetch besides branches: refs such as those of pull requests."""
    end = wanted.rpartition("..")[2]
    return [f"+{end}:{_REF}/{end.removeprefix('refs/')}"] if end.startswith("refs/") else []


def _resolved(git: Git, name: str, where: str) -> str:
    bare = name.removeprefix("refs/heads/").removeprefix("refs/")
    for candidate in (f"{_REF}/heads/{bare}", f"{_REF}/{bare}", name):
        found = git.attempt("rev-parse", "--verify", "--quiet", f"{candidate}^{{commit}}")
        if found.returncode == 0:
            return found.stdout.decode().strip()
    listing = git.text("for-each-ref", "--format=%(refname)", f"{_REF}/heads")
    heads = [row.removeprefix(f"{_REF}/heads/") for row in listing.splitlines()]
    shown = ", ".join(heads[:8])
    raise InputError(
        "import-unknown",
        f"{without_password(where)} has no branch or commit {name!r}.",
        f"It has {shown}." if heads else "It has no branch at all.",
    )


def _forget(git: Git) -> None:
    """Remove what an earlier import left."""
    listing = git.text("for-each-ref", "--format=delete %(refname)", _REF, _KNOWN)
    if listing:
        git.run("update-ref", "--stdin", stdin=(listing + "\n").encode())
