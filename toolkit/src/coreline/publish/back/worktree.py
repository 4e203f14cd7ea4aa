# SPDX-License-Identifier: Apache-2.0
"""Bring private commits into the checked-out branch, with git's own merge, am and markers."""

from pathlib import Path

from coreline.errors import InputError, OutsideError
from coreline.publish.back.state import Waiting, forget_waiting, require_waiting, write_waiting
from coreline.publish.private import Private
from coreline.publish.store import Store
from coreline.sources.git import Git


def refuse_dirty(git: Git) -> None:
    """Stop where the work tree has changes that an import could mix with.

    Raises:
        InputError: it has (``import-dirty``), or there is no work tree (``import-no-work-tree``).
    """
    inside = git.attempt("rev-parse", "--is-inside-work-tree").stdout.strip()
    if inside != b"true":
        raise InputError(
            "import-no-work-tree",
            "The repository is bare, so nothing can be merged here.",
            "Run it in a work tree, or give --no-merge to make the branch only.",
        )
    changed = git.text("status", "--porcelain", "--untracked-files=no")
    if changed:
        raise InputError(
            "import-dirty",
            f"The work tree has changes: {changed.splitlines()[0].strip()} …",
            "Commit or stash them first, so that nothing of yours is mixed in.",
        )


def merge(source: Private, store: Store, name: str, tip: bytes) -> str:
    """Merge a contribution into the checked-out branch and return the commit that it is at.

    Raises:
        InputError: the merge has conflicts (``import-conflict``).
    """
    git = source.git
    write_waiting(store, Waiting(name, "merge", source.tip.hex(), tip.hex()))
    done = git.attempt("merge", "--no-edit", "-m", f"Merge contribution {name}", tip.hex())
    return _ended(git, store, done.returncode, done.stdout + done.stderr)


def apply(source: Private, store: Store, patch: Path, folder: str) -> str:
    """Apply a mailbox of patches to the checked-out branch and return the commit that it is at.

    Args:
        source: the private repository.
        store: where the import is written down while it waits.
        patch: the mailbox.
        folder: where the public root stands in private.

    Raises:
        InputError: a patch does not apply (``import-conflict``).
    """
    git = source.git
    write_waiting(store, Waiting(patch.name, "am", source.tip.hex()))
    directory = [f"--directory={folder}"] if folder else []
    # Dates and names are the author's; a patch that fits another base is merged into this one.
    done = git.attempt("am", "--3way", "--keep-cr", *directory, "--", str(patch.absolute()))
    return _ended(git, store, done.returncode, done.stdout + done.stderr)


def go_on(source: Private, store: Store) -> tuple[Waiting, str]:
    """End an import whose conflicts are resolved; return it and the commit that came of it.

    Raises:
        InputError: none waits (``import-none-waits``), or conflicts are left (``import-conflict``).
    """
    waiting = require_waiting(store)
    git = source.git
    left = _unmerged(git)
    if left:
        _conflict(left)
    if waiting.way == "am":
        done = git.attempt("am", "--continue")
    elif git.attempt("rev-parse", "--verify", "--quiet", "MERGE_HEAD").returncode == 0:
        done = git.attempt("commit", "--no-edit")
    else:
        done = None
    if done is not None:
        return waiting, _ended(git, store, done.returncode, done.stdout + done.stderr)
    forget_waiting(store)
    return waiting, git.resolve("HEAD")


def abort(source: Private, store: Store) -> Waiting:
    """Put everything back as it was before the import.

    Raises:
        InputError: none waits (``import-none-waits``).
    """
    waiting = require_waiting(store)
    git = source.git
    if waiting.way == "am":
        git.attempt("am", "--abort")
    elif git.attempt("rev-parse", "--verify", "--quiet", "MERGE_HEAD").returncode == 0:
        git.run("merge", "--abort")
    forget_waiting(store)
    return waiting


def _ended(git: Git, store: Store, code: int, said: bytes) -> str:
    if code == 0:
        forget_waiting(store)
        return git.resolve("HEAD")
    left = _unmerged(git)
    if left:
        _conflict(left)
    forget_waiting(store)
    text = " ".join(said.decode("utf-8", "replace").split())
    git.attempt("am", "--abort")
    raise OutsideError("import-git-refused", f"git could not bring it in: {text}", "")


def _unmerged(git: Git) -> list[str]:
    return git.text("diff", "--name-only", "--diff-filter=U").splitlines()


def _conflict(paths: list[str]) -> None:
    shown = ", ".join(paths[:6]) + (f" and {len(paths) - 6} more" if len(paths) > 6 else "")
    raise InputError(
        "import-conflict",
        f"The contribution conflicts with the branch in {shown}.",
        "Resolve the markers, git add the files, then coreline import --continue; or --abort.",
    )
