# SPDX-License-Identifier: Apache-2.0
"""Import a contribution: fetch it, make its private commits, bring them into the branch."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from coreline.errors import InputError
from coreline.publish.back.bring import Bringing, Terms, known_commits
from coreline.publish.back.incoming import fetch
from coreline.publish.back.mailbox import check_mailbox
from coreline.publish.back.state import Waiting, read_waiting
from coreline.publish.back.worktree import abort, apply, go_on, merge, refuse_dirty
from coreline.publish.history import Progress
from coreline.publish.outside import Target
from coreline.publish.private import Private
from coreline.publish.recipe.recipe import Recipe
from coreline.publish.store import Store


class ImportJson(TypedDict):
    """The JSON of an import; ids are hexadecimal."""

    name: str
    commits: list[dict[str, str]]
    branch: str
    head: str | None
    merged: bool


@dataclass(frozen=True)
class Imported:
    """What an import did: pairs of public and private commits, and where the branch is now.

    ``head`` is None where nothing was merged; the contribution is on ``branch`` then.
    """

    name: str
    commits: list[tuple[str, str]]
    branch: str
    head: str | None

    def to_json(self) -> ImportJson:
        """Return it as plain values."""
        return {
            "name": self.name,
            "commits": [{"public": public, "private": own} for public, own in self.commits],
            "branch": self.branch,
            "head": self.head,
            "merged": self.head is not None,
        }


def import_commits(
    private: Path,
    where: str,
    wanted: str,
    recipe: Recipe,
    terms: Terms,
    *,
    branch: str | None = None,
    merges: bool = True,
    progress: Progress,
) -> Imported:
    """Import a branch, a range or what a bundle holds.

    Args:
        private: the private repository.
        where: what to fetch from.
        wanted: the branch, ref, commit or range there.
        recipe: what is public.
        terms: what the contribution has to meet.
        branch: the private branch; the current one where None.
        merges: whether it is merged into the branch, or left on a branch of its own.
        progress: told how far it is.

    Raises:
        InputError: the contribution cannot be taken in as it is; nothing was changed.
        OutsideError: it cannot be fetched.
        NothingToDo: it is in the branch already (``import-up-to-date``).
    """
    source = Private(private, branch)
    store = Store(source.common)
    with store.locked():
        _refuse_waiting(store)
        if merges:
            _refuse_other_branch(source)
            refuse_dirty(source.git)
        ledger = known_commits(source, store, recipe, progress)
        entries = (ledger.get(tip) for tip in ledger.tips)
        tips = [one.public for one in entries if one is not None and one.public is not None]
        # A relative path begins where the manifest lies, as for publish; a bundle is a file.
        address = where if Path(where).is_file() else Target(where, private).address
        incoming = fetch(store, address, wanted, tips)
        pairs = Bringing(source, store, recipe, ledger, terms).bring(incoming)
        commits = [(public.hex(), own.hex()) for public, own in pairs]
        tip = pairs[-1][1]
        if merges:
            head = merge(source, store, wanted, tip)
            return Imported(wanted, commits, source.branch, head)
        name = f"contributions/{wanted.rpartition('..')[2].removeprefix('refs/')}"
        source.git.run("update-ref", f"refs/heads/{name}", tip.hex())
        return Imported(wanted, commits, name, None)


def import_patch(private: Path, patch: Path, recipe: Recipe, terms: Terms) -> Imported:
    """Import a mailbox of patches, as ``git format-patch`` writes them, onto the current branch.

    Raises:
        InputError: it is no mailbox, lacks a right, touches what is not core, or conflicts.
    """
    source = Private(private, None)
    store = Store(source.common)
    with store.locked():
        _refuse_waiting(store)
        refuse_dirty(source.git)
        folder = check_mailbox(source, patch, recipe, terms)
        head = apply(source, store, patch, folder)
        made = source.git.text("rev-list", "--reverse", f"{source.tip.hex()}..{head}").splitlines()
        return Imported(patch.name, [("", name) for name in made], source.branch, head)


def continue_import(private: Path) -> Imported:
    """End an import whose conflicts are resolved."""
    source = Private(private, None)
    store = Store(source.common)
    with store.locked():
        waiting, head = go_on(source, store)
    return Imported(waiting.name, [], source.branch, head)


def abort_import(private: Path) -> Waiting:
    """Put everything back as it was before the import."""
    source = Private(private, None)
    store = Store(source.common)
    with store.locked():
        return abort(source, store)


def _refuse_waiting(store: Store) -> None:
    waiting = read_waiting(store)
    if waiting is not None:
        raise InputError(
            "import-waits",
            f"The import of {waiting.name} has not been ended.",
            "End it with coreline import --continue, or take it back with --abort.",
        )


def _refuse_other_branch(source: Private) -> None:
    current = source.git.attempt("symbolic-ref", "-q", "--short", "HEAD").stdout.decode().strip()
    if current != source.branch:
        raise InputError(
            "import-other-branch",
            f"{source.branch} is not checked out ({current or 'no branch'} is).",
            "Check it out, or give --no-merge.",
        )
