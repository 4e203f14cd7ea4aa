# SPDX-License-Identifier: Apache-2.0
"""Notes go out with the commits that they speak of, and are proven as all else is."""

from pathlib import Path
from typing import Any

import pytest

from coreline.errors import CorelineError, NothingToDo
from coreline.publish.publish import publish
from coreline.publish.recipe.recipe import Recipe
from coreline.publish.refs import Refs
from coreline.publish.verify import verify

_NOTES = ("commits", "reviews")


@pytest.fixture
def private(lab: Any, tmp_path: Path) -> Any:
    """Three commits, of which the second changes the wrap alone, each with a note."""
    base = lab.files(a="1", enterprise__s="1")
    history = [
        (base, []),
        (base | lab.files(enterprise__s="2"), [0]),
        (base | lab.files(a="2"), [1]),
    ]
    made = lab.repository(tmp_path / "private.git", history)
    for number, name in enumerate(made.ids):
        made.git("notes", "add", "-m", f"note {number}", name)
    return made


class Publishing:
    """Publishes to one place, with what the manifest says about notes."""

    def __init__(self, lab: Any, private: Any, to: Path) -> None:
        self.lab, self.private, self.to = lab, private, to
        self.line = lab.line(["**"], wrap=["enterprise/**"])

    def __call__(self, *asked: str, notes: tuple[str, ...] = ("commits",)) -> Any:
        refs = Refs(asked=asked, notes=notes)
        recipe, fixed = Recipe.today(self.line), {"now": self.lab.now}
        policy = self.lab.policy(self.line)
        where = (self.private.folder, str(self.to))
        return publish(*where, recipe, policy=policy, branch=refs, **fixed)

    def problems(self) -> list[str]:
        recipe, refs = Recipe.today(self.line), Refs(notes=("commits",))
        where = (self.private.folder, str(self.to))
        return verify(*where, recipe, branch=refs, progress=lambda *_: None).problems

    @property
    def public(self) -> Any:
        return self.lab.opened(self.to)

    def shown(self) -> list[str]:
        """Return all public notes, the newest commit's first."""
        log = self.public.git("log", "--notes=commits", "--format=%N", "main")
        return [row for row in log.splitlines() if row]


@pytest.fixture
def run(lab: Any, private: Any, tmp_path: Path) -> Publishing:
    """Publishes into an empty repository."""
    lab.repository(tmp_path / "public.git")
    return Publishing(lab, private, tmp_path / "public.git")


def test_notes_stand_on_the_public_commits(run: Publishing) -> None:
    report = run()
    assert run.shown() == ["note 2", "note 0"]
    assert report.notes == {"commits": {"public": 2, "left_out": 1}}
    assert run.public.git("rev-list", "--count", "refs/notes/commits") == "1"
    author = "--format=%an %ad"
    assert run.public.git("log", author, "refs/notes/commits") == run.private.git(
        "log", "-1", author, "refs/notes/commits"
    )
    assert run.problems() == []


def test_a_new_repository_has_them_from_the_start(
    lab: Any, run: Publishing, private: Any, tmp_path: Path
) -> None:
    run()
    other = Publishing(lab, private, tmp_path / "other.git")
    other()
    for ref in ("main", "refs/notes/commits"):
        assert other.public.git("rev-parse", ref) == run.public.git("rev-parse", ref)


def test_a_note_that_changes_is_replaced_and_nothing_else(run: Publishing, private: Any) -> None:
    run()
    with pytest.raises(NothingToDo):
        run()
    private.git("notes", "add", "-f", "-m", "another", "main")
    report = run()
    assert [move.ref for move in report.moves] == ["refs/notes/commits"]
    assert run.shown() == ["another", "note 0"]
    assert run.problems() == []


def test_notes_on_what_is_not_public_move_nothing(run: Publishing, private: Any) -> None:
    run()
    private.git("notes", "add", "-f", "-m", "of the wrap", private.ids[1])
    with pytest.raises(NothingToDo):
        run()
    assert run.problems() == []


def test_notes_that_are_gone_are_gone_in_public(run: Publishing, private: Any) -> None:
    run()
    private.git("notes", "remove", private.ids[0], private.ids[2])
    run()
    assert run.shown() == []
    assert run.problems() == []


def test_a_run_of_one_branch_leaves_notes_alone(run: Publishing) -> None:
    report = run("main")
    assert report.notes == {}
    assert "refs/notes/commits" not in run.public.git("for-each-ref")


def test_notes_that_do_not_exist_are_said(run: Publishing) -> None:
    report = run(notes=_NOTES)
    assert report.warnings == ["there are no notes refs/notes/reviews: none are published"]


def test_notes_of_an_outsider_are_never_replaced(run: Publishing, private: Any) -> None:
    run()
    run.public.git("notes", "add", "-f", "-m", "theirs", "main")
    before = run.public.git("for-each-ref")
    private.git("notes", "add", "-f", "-m", "ours", "main")
    with pytest.raises(CorelineError) as refused:
        run()
    assert refused.value.code == "publish-notes-foreign"
    assert run.public.git("for-each-ref") == before
    assert run.problems() == [
        "refs/notes/commits: is not of the form in which notes are published."
    ]


def test_a_note_that_was_never_private_is_found(run: Publishing) -> None:
    run()
    public = run.public
    row = public.git("ls-tree", "-r", "refs/notes/commits").splitlines()[0]
    path = row.partition("\t")[2]
    other = public.git("hash-object", "-w", "--stdin", stdin=b"smuggled\n")
    inner = public.git("mktree", stdin=f"100644 blob {other}\t{path[3:]}\n".encode())
    tree = public.git("mktree", stdin=f"040000 tree {inner}\t{path[:2]}\n".encode())
    body = public.git("cat-file", "commit", "refs/notes/commits").split("\n")
    text = "\n".join([f"tree {tree}", *body[1:]]) + "\n"
    made = public.git("hash-object", "-t", "commit", "-w", "--stdin", stdin=text.encode())
    public.git("update-ref", "refs/notes/commits", made)
    (problem,) = run.problems()
    assert problem.endswith("is no note of a published commit.")
