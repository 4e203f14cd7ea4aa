# SPDX-License-Identifier: Apache-2.0
"""Several branches in one run, other names in public, and public branches that stand alone."""

from pathlib import Path
from typing import Any

import pytest

from coreline.errors import CorelineError, InputError
from coreline.publish.publish import publish
from coreline.publish.recipe.recipe import Recipe
from coreline.publish.refs import Refs
from coreline.publish.verify import verify


@pytest.fixture
def vendor(lab: Any, tmp_path: Path) -> Any:
    """A private repository with trunk, release/1, release/2, a branch of the wrap, and tags."""
    files = lab.files
    base = files(a="1", enterprise__s="1")
    history = [
        (base, []),
        (base | files(a="2"), [0]),
        (base | files(a="3"), [0]),
        (base | files(a="4", enterprise__s="4"), [1]),
        (files(enterprise__s="9"), []),
    ]
    made = lab.repository(tmp_path / "private.git", history)
    for name, at in (("trunk", 3), ("release/1", 1), ("release/2", 2), ("ops", 4)):
        made.git("update-ref", f"refs/heads/{name}", made.ids[at])
    made.git("symbolic-ref", "HEAD", "refs/heads/trunk")
    made.git("update-ref", "-d", "refs/heads/main")
    made.git("update-ref", "refs/tags/v2", made.ids[2])
    return made


@pytest.fixture
def run(lab: Any, vendor: Any, tmp_path: Path) -> Any:
    """Publish with a fixed clock."""
    line = lab.line(["**"], wrap=["enterprise/**"])
    recipe = Recipe.today(line)
    fixed = {"now": lab.now, "policy": lab.policy(line)}

    def run(*asked: str, listed: tuple[str, ...] = (), **options: Any) -> Any:
        refs = Refs(asked=asked, branches=listed)
        where = str(tmp_path / "public.git")
        return publish(vendor.folder, where, recipe, branch=refs, **fixed, **options)

    return run


def _refs(lab: Any, tmp_path: Path) -> list[str]:
    rows = lab.opened(tmp_path / "public.git").git("for-each-ref", "--format=%(refname)")
    return list(rows.splitlines())


def test_branches_go_out_in_one_run(lab: Any, run: Any, tmp_path: Path) -> None:
    report = run("trunk", "release/*")
    assert [one.public_name for one in report.branches] == ["trunk", "release/1", "release/2"]
    heads = ["refs/heads/release/1", "refs/heads/release/2", "refs/heads/trunk"]
    assert _refs(lab, tmp_path) == [*heads, "refs/tags/v2"]
    assert list(report.to_json()["branches"]) == ["trunk", "release/1", "release/2"]


def test_ids_are_those_of_runs_one_after_another(lab: Any, run: Any, tmp_path: Path) -> None:
    together = {one.public_name: one.public for one in run("trunk", "release/*").branches}
    (tmp_path / "public.git").rename(tmp_path / "together.git")
    apart = {name: run(name).public for name in ("release/2", "trunk", "release/1")}
    assert apart == together


def test_one_branch_that_may_not_move_keeps_the_others(
    lab: Any, vendor: Any, run: Any, tmp_path: Path
) -> None:
    run("trunk", "release/*")
    public = lab.opened(tmp_path / "public.git")
    lab.extend(vendor, [*[({}, [])] * 5, (lab.files(a="5", enterprise__s="1"), [3])])
    vendor.git("update-ref", "refs/heads/trunk", vendor.ids[5])
    tree = public.git("rev-parse", "release/1^{tree}")
    theirs = public.git("commit-tree", "-p", "release/1", "-m", "theirs", tree)
    public.git("update-ref", "refs/heads/release/1", theirs)
    before = public.git("for-each-ref")
    with pytest.raises(CorelineError) as refused:
        run("trunk", "release/*")
    assert refused.value.code == "publish-public-moved"
    assert public.git("for-each-ref") == before


def test_a_renamed_branch_is_proven_and_verified(
    lab: Any, vendor: Any, run: Any, tmp_path: Path
) -> None:
    listed = ("trunk:main", "release/*:stable/*")
    report = run(listed=listed)
    assert report.named == "trunk as main, release/1 as stable/1, release/2 as stable/2"
    public = lab.opened(tmp_path / "public.git")
    assert public.git("symbolic-ref", "HEAD") == "refs/heads/main"
    recipe = Recipe.today(lab.line(["**"], wrap=["enterprise/**"]))
    refs = Refs(branches=listed)
    verified = verify(vendor.folder, str(public.folder), recipe, branch=refs,
                      progress=lambda *_: None)  # fmt: skip
    assert verified.problems == []
    assert verified.commits == 4


def test_a_branch_of_one_run_keeps_its_public_name(run: Any) -> None:
    assert run("trunk", listed=("trunk:main",)).branch == "main"


def test_a_branch_that_is_named_in_full_is_not_renamed_by_a_glob() -> None:
    refs = Refs(branches=("trunk", "*:all/*", "release/*", "release/1:lts"))
    known = {name: bytes(20) for name in ("trunk", "ops", "release/1")}
    heads = {one.private: one.public for one in refs.heads(known, "trunk")}
    assert heads == {"trunk": "trunk", "release/1": "lts", "ops": "all/ops"}


def test_a_renamed_private_branch_leaves_the_old_public_one(
    lab: Any, vendor: Any, run: Any, tmp_path: Path
) -> None:
    run("trunk", "release/1")
    vendor.git("branch", "-m", "release/1", "release/1.x")
    report = run("trunk", "release/1.x")
    assert report.unbacked == ["release/1"]
    assert "refs/heads/release/1" in _refs(lab, tmp_path)
    report = run("trunk", "release/1.x", prune=True)
    assert [one.ref for one in report.removed] == ["refs/heads/release/1"]
    assert report.pushed
    assert "refs/heads/release/1" not in _refs(lab, tmp_path)


def test_a_branch_that_is_not_published_now_is_not_removed(run: Any) -> None:
    run("trunk", "release/*")
    with pytest.raises(CorelineError) as nothing:
        run("trunk", prune=True)
    assert nothing.value.code == "publish-up-to-date"


def test_the_branch_of_an_outsider_is_never_removed(lab: Any, run: Any, tmp_path: Path) -> None:
    run("trunk")
    public = lab.opened(tmp_path / "public.git")
    tree = public.git("rev-parse", "trunk^{tree}")
    theirs = public.git("commit-tree", "-p", "trunk", "-m", "theirs", tree)
    public.git("update-ref", "refs/heads/fix", theirs)
    report = run("trunk", "release/1", prune=True)
    assert (report.unbacked, report.removed) == (["fix"], [])
    assert "refs/heads/fix" in _refs(lab, tmp_path)


def test_a_branch_without_core_is_left_out_and_said(run: Any) -> None:
    report = run("*")
    assert "ops" not in {one.public_name for one in report.branches}
    assert report.warnings == ["no commit of ops ever held a core file: not published"]
    assert report.branch == "trunk"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (("trunk", "nowhere"), "branch-unknown"),
        (("hot/*",), "branch-unknown"),
        (("trunk:main", "release/1:main"), "publish-branches-collide"),
        (("trunk:main", "release/1:Main"), "publish-branches-collide"),
        (("trunk:release", "release/1"), "publish-branches-collide"),
        (("release/*:stable",), "publish-branch-malformed"),
        (("trunk:",), "publish-branch-malformed"),
        (("trunk:../x",), "publish-branch-malformed"),
        (("a*b*",), "publish-branch-malformed"),
        (("trunk:refs/heads/x",), "publish-branch-malformed"),
    ],
)
def test_what_cannot_be_published_is_refused(
    run: Any, tmp_path: Path, asked: tuple[str, ...], code: str
) -> None:
    with pytest.raises(InputError) as refused:
        run(*asked)
    assert refused.value.code == code
    assert not (tmp_path / "public.git").exists()


def test_the_head_of_an_empty_public_repository_that_names_another_branch_is_said(
    lab: Any, run: Any, tmp_path: Path
) -> None:
    public = lab.repository(tmp_path / "public.git")
    (warning,) = run("trunk").warnings
    assert "git symbolic-ref HEAD refs/heads/trunk" in warning
    assert "names no branch that exists" in warning
    # Once there are branches, what is cloned is its owner's matter.
    assert run("trunk", "release/1").warnings == []
    public.git("symbolic-ref", "HEAD", "refs/heads/trunk")


@pytest.mark.parametrize("is_there", [False, True])
def test_a_head_that_is_right_is_not_spoken_of(
    lab: Any, run: Any, tmp_path: Path, is_there: bool
) -> None:
    if is_there:
        public = lab.repository(tmp_path / "public.git")
        public.git("symbolic-ref", "HEAD", "refs/heads/trunk")
    assert run("trunk", "release/1").warnings == []


def test_a_file_without_a_side_is_named_with_its_branches(
    lab: Any, vendor: Any, tmp_path: Path
) -> None:
    line = lab.line(["a"], wrap=["enterprise/**"])
    files = lab.files(a="1", new="1")
    lab.extend(vendor, [*[({}, [])] * len(vendor.ids), (files, [0])])
    for name in ("hot", "hotter"):
        vendor.git("update-ref", f"refs/heads/{name}", vendor.ids[-1])
    to = tmp_path / "public.git"
    with pytest.raises(InputError, match=r"no side at the head of hot, hotter: new\."):
        lab.publish(vendor, to, line, branch=Refs(asked=("trunk", "hot", "hotter")))
    with pytest.raises(InputError, match=r"no side at the head: new\."):
        lab.publish(vendor, to, line, branch="hot")


def test_a_branch_named_like_a_tag_stays_apart(
    lab: Any, vendor: Any, run: Any, tmp_path: Path
) -> None:
    vendor.git("update-ref", "refs/heads/v2", vendor.ids[1])
    report = run("v2", "trunk", "release/2")
    public = lab.opened(tmp_path / "public.git")
    assert public.git("rev-parse", "refs/heads/v2") == report.public.hex()
    assert public.git("rev-parse", "refs/tags/v2") != report.public.hex()


def test_a_detached_head_needs_a_name(vendor: Any, run: Any) -> None:
    vendor.git("update-ref", "--no-deref", "HEAD", vendor.ids[3])
    with pytest.raises(InputError) as refused:
        run()
    assert refused.value.code == "publish-no-branch"
    assert run("trunk").branch == "trunk"


def test_packed_and_symbolic_refs_are_refs(vendor: Any, run: Any) -> None:
    vendor.git("pack-refs", "--all")
    vendor.git("symbolic-ref", "refs/heads/alias", "refs/heads/trunk")
    report = run("trunk", "alias", "release/1")
    assert report.branches[0].public == report.branches[1].public


def test_a_linked_work_tree_publishes_its_branch(lab: Any, vendor: Any, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    vendor.git("worktree", "add", "-q", str(linked), "release/1")
    line = lab.line(["**"], wrap=["enterprise/**"])
    to, policy = str(tmp_path / "public.git"), lab.policy(line)
    report = publish(linked, to, Recipe.today(line), now=lab.now, policy=policy)
    assert report.branch == "release/1"
