# SPDX-License-Identifier: Apache-2.0
"""The private repository as publish needs it: what is asked once, and what it refuses.

One call to git says where the repository is and what it is, one more lists its refs.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from coreline.errors import InputError, OutsideError
from coreline.publish.refs import Refs
from coreline.sources.git import Batch, Git, may_be_lean


class Tag(NamedTuple):
    """A tag of the private repository. ``commit`` is what it leads to, if that is a commit."""

    name: str
    target: bytes
    annotated: bool
    commit: bytes | None


class Private:
    """One private repository and the branches that are published.

    Attributes:
        heads: the branches; ``branch``, ``public_branch`` and ``tip`` are those of the first.
        tags: all tags, on these branches or not.
        notes: what the notes name that were asked for.
        refs: what was asked for.

    Args:
        folder: its work tree or git directory.
        refs: what is published, or the name of one branch; the current branch where None.

    Raises:
        InputError: it is no repository, has no such branch, or its history is not the real one
            (shallow, grafted, replaced objects), or its ids are SHA-256, or the folder is below its
            top.
    """

    def __init__(self, folder: Path, refs: Refs | str | None) -> None:
        if isinstance(refs, str):
            refs = Refs(asked=(refs,))
        self.refs = refs or Refs()
        self.git = Git(folder)
        asked = self.git.attempt(
            "rev-parse",
            "--path-format=absolute",
            "--git-common-dir",
            "--is-shallow-repository",
            "--show-object-format",
            "--show-prefix",
            "--symbolic-full-name",
            "HEAD",
        )
        answers = asked.stdout.decode("utf-8", "surrogateescape").splitlines()
        if len(answers) < 4:
            raise InputError(
                "repository-unknown",
                f"{folder} is not in a git repository.",
                "Run it in the private repository, or name that with -C.",
            )
        self.common = Path(answers[0])
        self.git = Git(folder, lean=may_be_lean(self.common / "objects"))
        _refuse_below_top(answers[3])
        current = _current(answers[4:], is_needed=not self.refs.chosen)
        _refuse_shallow(self.common, shallow=answers[1] == "true")
        if answers[2] != "sha1":
            raise InputError(
                "publish-object-format",
                f"The repository's ids are {answers[2]}; publish can only read sha1.",
                "Publish from a repository whose object format is sha1.",
            )
        known, self.tags, self.notes = self._listed(current)
        self.heads = self.refs.heads(known, current)
        self.branch, self.public_branch, self.tip = self.heads[0]

    @property
    def tips(self) -> list[bytes]:
        """The newest commits of the branches, each once."""
        return list(dict.fromkeys(head.tip for head in self.heads))

    def public_names(self) -> set[str]:
        """Return what all branches of the repository, published or not, are called in public."""
        listed = self.git.text("for-each-ref", "--format=%(refname)", "refs/heads")
        names = (row.removeprefix("refs/heads/") for row in listed.splitlines())
        return {self.refs.public_name(name) for name in names}

    def _listed(self, current: str | None) -> tuple[dict[str, bytes], list[Tag], dict[str, bytes]]:
        listing = self.git.text(
            "for-each-ref",
            "--format=%(refname) %(objecttype) %(objectname) %(*objecttype) %(*objectname)",
            *self.refs.patterns(current),
            *(f"refs/notes/{name}" for name in self.refs.notes),
            "refs/tags",
            "refs/replace",
        )
        known: dict[str, bytes] = {}
        tags: list[Tag] = []
        notes: dict[str, bytes] = {}
        for row in listing.splitlines():
            name, kind, target, *peeled = row.split(" ")
            if name.startswith("refs/heads/"):
                if kind == "commit":
                    known[name.removeprefix("refs/heads/")] = bytes.fromhex(target)
            elif name.startswith("refs/notes/"):
                if kind != "commit":
                    continue
                notes[name.removeprefix("refs/notes/")] = bytes.fromhex(target)
            elif name.startswith("refs/tags/"):
                last = (kind, target) if kind != "tag" else tuple(peeled)
                if last[0] == "tag":
                    # A tag of a tag; git peels once here.
                    last = ("commit", self._peel(name))
                commit = bytes.fromhex(last[1]) if last[0] == "commit" and last[1] else None
                short = name.removeprefix("refs/tags/")
                tags.append(Tag(short, bytes.fromhex(target), kind == "tag", commit))
            elif name.startswith("refs/replace/"):
                raise InputError(
                    "publish-replaced-objects",
                    f"The repository replaces objects ({name}), so its history is not its own.",
                    "Remove refs/replace (git replace -d), or publish from a fresh clone.",
                )
        return known, tags, notes

    def _peel(self, name: str) -> str:
        peeled = self.git.attempt("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        return peeled.stdout.decode().strip()

    @cached_property
    def all_tips(self) -> list[bytes]:
        """The newest commits of all branches that are here, published or not, each once; those
        that were fetched too, as a clone of a job has few of its own.
        """
        listed = self.git.text(
            "for-each-ref", "--format=%(objecttype) %(objectname)", "refs/heads", "refs/remotes"
        )
        rows = (row.split(" ") for row in listed.splitlines())
        others = (bytes.fromhex(name) for kind, name in rows if kind == "commit")
        return list(dict.fromkeys([*self.tips, *others]))

    def commits(
        self, known: Iterable[bytes], *, tips: Iterable[bytes] | None = None
    ) -> list[bytes]:
        """Return the commits of the branches less those that known tips lead to, parents first.

        Args:
            known: the known tips.
            tips: what leads to the commits, where it is not the branches that are published.
        """
        wanted = self.tips if tips is None else tips
        less = b"".join(b"^%b\n" % name.hex().encode() for name in known)
        listing = self.git.run(
            "rev-list",
            "--topo-order",
            "--reverse",
            "--ignore-missing",
            "--stdin",
            stdin=b"".join(b"%b\n" % tip.hex().encode() for tip in wanted) + less,
        )
        return [bytes.fromhex(row.decode()) for row in listing.split()]

    def is_before(self, first: bytes, second: bytes) -> bool:
        """Whether a commit is another one, or before it."""
        asked = self.git.attempt("merge-base", "--is-ancestor", first.hex(), second.hex())
        return asked.returncode == 0

    def tags_on_branches(self) -> set[str]:
        """Return the names of the tags that the branches lead to."""
        merged = self.git.text(
            "for-each-ref",
            *(f"--merged={tip.hex()}" for tip in self.tips),
            "--format=%(refname)",
            "refs/tags",
        )
        return {name.removeprefix("refs/tags/") for name in merged.splitlines()}


def _current(rest: list[str], *, is_needed: bool) -> str | None:
    if rest and rest[0].startswith("refs/heads/"):
        return rest[0].removeprefix("refs/heads/")
    if not is_needed:
        return None
    raise InputError(
        "publish-no-branch",
        "The repository is on no branch (a detached HEAD, or no commit yet).",
        "Name the branch to publish with --branch.",
    )


def _refuse_below_top(prefix: str) -> None:
    """Stop where the manifest speaks of paths below a folder and the history of all of them.

    The claims would meet paths that they do not mean: ``**`` would be the whole repository.
    """
    if prefix:
        raise InputError(
            "publish-below-top",
            f"{prefix} is a folder of a larger repository; publish takes whole repositories.",
            "Put coreline.toml at the top, with claims for every path, and publish from there.",
        )


def _refuse_shallow(common: Path, *, shallow: bool) -> None:
    grafts = common / "info" / "grafts"
    if not shallow and not grafts.exists():
        return
    raise InputError(
        "publish-history-cut",
        "The repository is a shallow clone." if shallow else f"{grafts} changes its history.",
        "Public ids follow from the whole history: run git fetch --unshallow."
        if shallow
        else "Remove the file, or publish from a fresh clone.",
    )


class Reader:
    """Reads whole objects by their ids, in order.

    Args:
        batch: the open process.
        where: what is read, for the message where an object is missing.
    """

    def __init__(self, batch: Batch, where: str) -> None:
        self._batch = batch
        self._where = where

    def __call__(self, names: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the objects.

        Raises:
            OutsideError: one is missing (``object-missing``).
        """
        answers = self._batch.read(name.hex() for name in names)
        for found in answers:
            if found.data is None:
                # What was asked already is still to come; the next question must not get it.
                for _ in answers:
                    pass
                raise OutsideError(
                    "object-missing",
                    f"Object {found.name} is missing from {self._where}.",
                    "In a partial clone, fetch it first; otherwise run git fsck.",
                )
            yield found.data


class RememberingReader(Reader):
    """A reader that keeps what it read until it is told to forget: the filter reads a run of
    private objects, and the proof reads the same ones again.
    """

    def __init__(self, batch: Batch, where: str) -> None:
        super().__init__(batch, where)
        self._known: dict[bytes, bytes] = {}

    def __call__(self, names: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the objects, in order."""
        wanted = list(names)
        unknown = [name for name in dict.fromkeys(wanted) if name not in self._known]
        self._known.update(zip(unknown, super().__call__(unknown), strict=True))
        return (self._known[name] for name in wanted)

    def forget(self) -> None:
        """Let go of everything."""
        self._known.clear()
