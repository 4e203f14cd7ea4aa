# SPDX-License-Identifier: Apache-2.0
"""Ways to carry something of the wrap out, or to lose something of the core: none works.

Each history is written with git's lowest tools, so that it may hold what no editor would make.
"""

import errno
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coreline.errors import CorelineError, InternalError
from coreline.publish.commits import Rewriter
from coreline.publish.outside import Move
from coreline.publish.tags import PublicTags
from coreline.publish.trees import TreeFilter
from coreline.sources.objects import CommitParts

_SECRET = "of the wrap, for customers alone\n"


@pytest.fixture
def line(lab: Any) -> Any:
    """Everything is core but enterprise/ and what is called .ee."""
    return lab.line(["**"], wrap=["enterprise/**", "**/*.ee"])


@pytest.mark.parametrize("name", ["GIT_REPLACE_REF_BASE", "GIT_GRAFT_FILE", "GIT_DEFAULT_HASH"])
def test_the_environment_shows_no_other_history(
    lab: Any,
    attack: Any,
    line: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    first = attack.commit(attack.usual[:1])
    second = attack.commit(attack.usual, first)
    expected = lab.publish(attack.repository, tmp_path / "calm.git", line).public
    other = attack.git("commit-tree", "-m", "other", attack.core)
    attack.git("update-ref", f"refs/evil/{second}", other)
    grafts = tmp_path / "grafts"
    grafts.write_text(f"{second}\n")
    values = {"GIT_REPLACE_REF_BASE": "refs/evil/", "GIT_DEFAULT_HASH": "sha256"}
    monkeypatch.setenv(name, values.get(name, str(grafts)))
    again = tmp_path / "again.git"
    assert lab.publish(attack.repository, again, lab.line(["**"], wrap=["enterprise/**"])).public
    monkeypatch.delenv(name)
    assert type(attack.repository)(again).git("rev-parse", "main") == expected.hex()


def _run(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=A", "-c", "user.email=a@b.c"]
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True)


def test_a_work_tree_of_the_private_repository_is_no_target(
    lab: Any, attack: Any, line: Any, tmp_path: Path
) -> None:
    attack.commit(attack.usual)
    _run(attack.repository.folder, "worktree", "add", "-q", "-b", "x", str(tmp_path / "linked"))
    _refused(lab, attack, tmp_path / "linked", line, "target-is-private")


def test_claims_of_a_folder_do_not_meet_a_whole_repository(
    lab: Any, attack: Any, line: Any, tmp_path: Path
) -> None:
    # "**" below product/ would be everything of the repository, product/enterprise/ too.
    product = attack.tree(attack.usual)
    attack.commit([("40000", "product", product)])
    _run(tmp_path, "clone", "-q", str(attack.repository.folder), "clone")
    attack.repository.folder = tmp_path / "clone" / "product"
    _refused(lab, attack, tmp_path / "public.git", line, "publish-below-top")


def _refused(lab: Any, attack: Any, to: Path, line: Any, code: str) -> None:
    with pytest.raises(CorelineError) as refused:
        lab.publish(attack.repository, to, line)
    assert refused.value.code == code
    assert refused.value.hint


def _leak_all(patch: pytest.MonkeyPatch, attack: Any) -> None:
    patch.setattr(TreeFilter, "_decide", lambda *_: 1)


def _drop_one(patch: pytest.MonkeyPatch, attack: Any) -> None:
    real = TreeFilter._decide
    patch.setattr(
        TreeFilter, "_decide", lambda self, at, row: 0 if b" a\0" in row else real(self, at, row)
    )


def _swap_parents(patch: pytest.MonkeyPatch, attack: Any) -> None:
    _change(patch, lambda parts: parts._replace(parents=parts.parents[::-1]))


def _change_author(patch: pytest.MonkeyPatch, attack: Any) -> None:
    _change(patch, lambda parts: parts._replace(author=parts.author.replace(b"A ", b"B ")))


def _change_message(patch: pytest.MonkeyPatch, attack: Any) -> None:
    _change(patch, lambda parts: parts._replace(message=parts.message + b"\n"))


def _keep_tree(patch: pytest.MonkeyPatch, attack: Any) -> None:
    whole = bytes.fromhex(attack.git("rev-parse", "main^{tree}"))
    _change(patch, lambda parts: parts._replace(tree=whole))


def _change(patch: pytest.MonkeyPatch, change: Callable[[CommitParts], CommitParts]) -> None:
    from coreline.sources.objects import build_commit

    patch.setattr(
        "coreline.publish.commits.build_commit", lambda parts: build_commit(change(parts))
    )


def _prune_all(patch: pytest.MonkeyPatch, attack: Any) -> None:
    real = Rewriter._one

    def one(self: Rewriter, name: bytes, data: bytes, part: CommitParts, core: bytes) -> Any:
        entry = real(self, name, data, part, core)
        before = self._run.get(part.parents[0]) if part.parents else None
        return entry._replace(public=before.public, pruned=True) if before else entry

    patch.setattr(Rewriter, "_one", one)


def _submodule_kept(patch: pytest.MonkeyPatch, attack: Any) -> None:
    main = attack.git("rev-parse", "main")
    attack.commit([("100644", "a", attack.plain), ("160000", "enterprise", attack.secret)], main)
    patch.setattr(TreeFilter, "_decide", lambda *_: 1)


@pytest.mark.parametrize(
    "mutate",
    [
        _leak_all,
        _drop_one,
        _swap_parents,
        _change_author,
        _change_message,
        _keep_tree,
        _prune_all,
        _submodule_kept,
    ],
)
def test_the_proof_refuses_a_filter_that_errs(
    lab: Any,
    attack: Any,
    line: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    mutate: Callable[[pytest.MonkeyPatch, Any], None],
) -> None:
    one = attack.commit(attack.usual[:1])
    two = attack.commit(attack.usual[:2], one, message="two")
    three = attack.commit([("100644", "a", attack.secret)], one, message="three")
    attack.commit(attack.usual, two, three)
    mutate(monkeypatch, attack)
    _refused(lab, attack, tmp_path / "public.git", line, "publish-proof-failed")
    assert not (tmp_path / "public.git").exists()


def _private_tag(tag: Any, attack: Any) -> bytes:
    return bytes(tag.target)


def _private_commit(tag: Any, attack: Any) -> bytes:
    return bytes(tag.commit)


def _other_tag(tag: Any, attack: Any) -> bytes:
    public = attack.git("cat-file", "tag", "v1").replace("said", _SECRET)
    return bytes.fromhex(attack.git("hash-object", "-t", "tag", "-w", "--stdin",
                                    stdin=public.encode()))  # fmt: skip


@pytest.mark.parametrize("wrong", [_private_tag, _private_commit, _other_tag])
def test_no_ref_names_what_is_not_proven(
    lab: Any,
    attack: Any,
    line: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    wrong: Callable[[Any, Any], bytes],
) -> None:
    attack.commit(attack.usual)
    attack.git("tag", "-a", "-m", "said", "v1")

    def tags(private: Any, *_: object) -> PublicTags:
        return PublicTags({tag.name: wrong(tag, attack) for tag in private}, [], {})

    monkeypatch.setattr("coreline.publish.publish.public_tags", tags)
    _refused(lab, attack, tmp_path / "public.git", line, "publish-refs-unproven")
    assert not (tmp_path / "public.git").exists()


def test_no_branch_names_what_is_not_proven(
    lab: Any, attack: Any, line: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tip = attack.commit(attack.usual)
    for ref in ("refs/heads/main", "refs/heads/other", "refs/tags/none"):
        move = Move(ref, None, bytes.fromhex(tip))
        monkeypatch.setattr("coreline.publish.publish.plan_moves", lambda *_, m=move, **__: [m])
        with pytest.raises(InternalError) as refused:
            lab.publish(attack.repository, tmp_path / "public.git", line)
        assert refused.value.code == "publish-refs-unproven"
    assert os.listdir(tmp_path) == ["private.git"]  # noqa: PTH208 - names alone.


@pytest.mark.parametrize("at", ["coreline.sources.packs.os.fsync", "pathlib.Path.rename"])
def test_a_full_disk_is_no_bug_and_leaves_nothing_half_done(
    lab: Any, attack: Any, line: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    attack.commit(attack.usual)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(at, full)
    _refused(lab, attack, tmp_path / "public.git", line, "publish-disk-failed")
    assert not (tmp_path / "public.git").exists()
    monkeypatch.undo()
    lab.publish(attack.repository, tmp_path / "public.git", line)
    assert set(type(attack.repository)(tmp_path / "public.git").files("main")) == {"a", "src/x"}
