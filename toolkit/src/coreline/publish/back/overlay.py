# SPDX-License-Identifier: Apache-2.0
"""The private tree of a contributed commit: its parent's tree with the core as the public has it.

What the contribution changed is put where it stands in private; everything of the wrap stays. A
file that holds regions keeps them: the change is merged into it line by line.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from coreline.errors import InputError
from coreline.manifest.claims import Claim
from coreline.manifest.model import MANIFEST_NAME
from coreline.publish.private import Private
from coreline.publish.recipe.recipe import Recipe
from coreline.publish.recipe.regions import MARK, without_regions
from coreline.publish.store import Store
from coreline.sources.objects import object_id

_NONE = "0" * 40


class Change(NamedTuple):
    """A path that a commit changed: its new mode and id, ``None`` where it is gone."""

    path: str
    mode: str
    before: str
    after: str | None


class Overlay:
    """Makes private trees.

    Args:
        source: the private repository; new blobs of the contribution are there already.
        store: holds the public objects.
        recipe: what is public, and where it stands.
        moves_line: whether a contribution may change the manifest.
    """

    def __init__(self, source: Private, store: Store, recipe: Recipe, *, moves_line: bool) -> None:
        self._source = source
        self._store = store
        self._recipe = recipe
        self._moves_line = moves_line

    def tree(self, commit: bytes, parents: list[bytes], private: list[bytes]) -> bytes:
        """Return the tree of the private commit that stands for a public one.

        Args:
            commit: the public one.
            parents: its parents.
            private: the private commits that stand for them.

        Raises:
            InputError: it touches what is not core (``import-not-core``), the manifest
                (``import-moves-line``), or a region (``import-region-conflict``); or private
                commits that both changed the wrap would have to be merged
                (``import-wrap-diverged``).
        """
        base = private[0].hex()
        others = [*self._wrap_of_others(private)]
        brought = {one.path for one in others}
        rows = [_row(one.mode, one.after or _NONE, one.path) for one in others]
        changes = self._changes(self._store, parents[0].hex(), commit.hex())
        rows += [self._placed(commit, base, change) for change in changes]
        with tempfile.TemporaryDirectory(prefix="coreline-import-") as folder:
            env = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            git = self._source.git
            git.run("read-tree", base, env=env)
            if rows:
                listing = b"".join(rows)
                git.run("update-index", "-z", "--index-info", stdin=listing, env=env)
            made = bytes.fromhex(git.run("write-tree", env=env).decode().strip())
        self._refuse_displaced(commit, base, made, brought)
        return made

    def _refuse_displaced(self, commit: bytes, base: str, tree: bytes, brought: set[str]) -> None:
        """Stop where a file of the core took the place of a folder of the wrap, or the reverse.

        Git's index lets the newer of the two win, and the wrap would be gone without a word.
        """
        gone = [one.path for one in self._not_core(base, tree.hex()) if one.path not in brought]
        if gone:
            raise InputError(
                "import-not-core",
                f"Commit {commit.hex()[:12]} would put something in the place of {gone[0]}, which "
                "is not core here.",
                "Ask for another place.",
            )

    def _changes(self, where: Store | Private, before: str, after: str) -> Iterator[Change]:
        raw = where.git.run(
            "diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", before, after
        )
        fields = raw.decode("utf-8", "surrogateescape").split("\0")
        for head, path in zip(fields[::2], fields[1::2], strict=False):
            _, mode, old, new, kind = head.removeprefix(":").split(" ")
            yield Change(path, mode, old, None if kind == "D" else new)

    def _placed(self, commit: bytes, base: str, change: Change) -> bytes:
        path = self._private_path(commit, base, change)
        if change.after is None:
            return _row("0", _NONE, path)
        after = change.after
        if self._recipe.regions and change.mode in ("100644", "100755"):
            after = self._with_regions(commit, base, path, change)
        return _row(change.mode, after, path)

    def _private_path(self, commit: bytes, base: str, change: Change) -> str:
        candidates = self._recipe.paths.private(change.path)
        fitting = [
            path
            for path in candidates
            if self._recipe.paths.public(path) == change.path
            and self._recipe.line.side(path) == "core"
        ]
        # Several private paths may stand there in public; what exists is what was changed.
        there = next((path for path in fitting if self._exists(base, path)), None)
        if there is None and fitting and change.after is not None:
            there = fitting[0]
        if there is not None:
            return self._allowed(commit, there)
        claim = self._recipe.line.claim(candidates[0])
        owner = f"is the wrap's ({claim.wrap})" if isinstance(claim, Claim) else "has no side"
        raise InputError(
            "import-not-core",
            f"Commit {commit.hex()[:12]} touches {change.path}, which {owner} here. The public "
            "could not hold what comes of it.",
            "Ask for another place, or claim the path for the core first.",
        )

    def _allowed(self, commit: bytes, path: str) -> str:
        if path == MANIFEST_NAME and not self._moves_line:
            raise InputError(
                "import-moves-line",
                f"Commit {commit.hex()[:12]} changes {path}: it moves the line.",
                "Read the change; take it in with --allow-line if it is meant.",
            )
        return path

    def _exists(self, tree: str, path: str) -> bool:
        listed = self._source.git.run("ls-tree", "-z", tree, "--", f":(literal){path}")
        return bool(listed)

    def _with_regions(self, commit: bytes, base: str, path: str, change: Change) -> str:
        """Return the private content: the private file with the public change merged in."""
        git = self._source.git
        there = git.attempt("cat-file", "blob", f"{base}:{path}")
        if there.returncode != 0 or MARK not in there.stdout or change.after is None:
            return change.after or _NONE
        with tempfile.TemporaryDirectory(prefix="coreline-region-") as folder:
            ours, old, theirs = (Path(folder) / name for name in ("ours", "old", "theirs"))
            ours.write_bytes(there.stdout)
            old.write_bytes(self._store.git.run("cat-file", "blob", change.before))
            wanted = self._store.git.run("cat-file", "blob", change.after)
            theirs.write_bytes(wanted)
            merged = git.attempt("merge-file", "-p", "-q", str(ours), str(old), str(theirs))
        if merged.returncode != 0 or without_regions(merged.stdout) != wanted:
            raise InputError(
                "import-region-conflict",
                f"Commit {commit.hex()[:12]} changes {change.path} next to a region that the "
                "public cannot see.",
                "Make room between the region and the change in private, publish, and ask for the "
                "contribution to be rebased.",
            )
        name = git.run("hash-object", "-w", "--stdin", stdin=merged.stdout).decode().strip()
        assert bytes.fromhex(name) == object_id(b"blob", merged.stdout)
        return name

    def _wrap_of_others(self, private: list[bytes]) -> Iterator[Change]:
        """Yield the changes of the wrap that a merge brings along from other parents."""
        first = private[0].hex()
        for other in private[1:]:
            differing = self._not_core(first, other.hex())
            if not differing:
                continue
            asked = self._source.git.attempt("merge-base", first, other.hex())
            base = asked.stdout.decode().strip()
            if base and not self._not_core(base, first):
                yield from differing
            elif not base or self._not_core(base, other.hex()):
                raise InputError(
                    "import-wrap-diverged",
                    f"{first[:12]} and {other.hex()[:12]} both changed the wrap, and the "
                    "contribution merges the public commits that stand for them.",
                    "Merge the two in private first, publish, then import.",
                )

    def _not_core(self, before: str, after: str) -> list[Change]:
        changes = self._changes(self._source, before, after)
        return [one for one in changes if self._recipe.line.side(one.path) != "core"]


def _row(mode: str, name: str, path: str) -> bytes:
    """Return a line for ``git update-index --index-info``."""
    kept = "0" if name == _NONE else mode
    return f"{kept} {name}\t{path}".encode("utf-8", "surrogateescape") + b"\0"
