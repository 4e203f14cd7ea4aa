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
from coreline.publish.recipe.recipe import Recipe
from coreline.publish.tags import PublicTags
from coreline.publish.trees import TreeFilter
from coreline.publish.verify import verify
from coreline.sources.objects import CommitParts

_SECRET = "of the wrap, for customers alone\n"
Rows = list[tuple[str, str, str]]


class _Attack:
    """A private repository that grows by trees of raw rows."""

    def __init__(self, repository: Any) -> None:
        self.repository = repository
        self.git = repository.git
        self.secret = self.blob(_SECRET)
        self.plain = self.blob("plain\n")
        self.wrap = self.tree([("100644", "s", self.secret)])
        self.core = self.tree([("100644", "x", self.plain)])

    def blob(self, text: str) -> str:
        return str(self.git("hash-object", "-w", "--stdin", stdin=text.encode()))

    def tree(self, rows: Rows) -> str:
        """Write rows as they are: unsorted, twice, with whatever mode."""
        body = b"".join(
            f"{mode} {name}\0".encode("utf-8", "surrogateescape") + bytes.fromhex(target)
            for mode, name, target in rows
        )
        arguments = ("hash-object", "-t", "tree", "-w", "--stdin", "--literally")
        return str(self.git(*arguments, stdin=body))

    def commit(self, rows: Rows, *parents: str, message: str = "more") -> str:
        options = [part for parent in parents for part in ("-p", parent)]
        name = self.git("commit-tree", *options, "-m", message, self.tree(rows))
        self.git("update-ref", "refs/heads/main", name)
        return str(name)

    @property
    def usual(self) -> Rows:
        return [("100644", "a", self.plain), ("40000", "enterprise", self.wrap),
                ("40000", "src", self.core)]  # fmt: skip


@pytest.fixture
def attack(lab: Any, tmp_path: Path) -> _Attack:
    """A private repository without a commit."""
    return _Attack(lab.repository(tmp_path / "private.git"))


@pytest.fixture
def line(lab: Any) -> Any:
    """Everything is core but enterprise/ and what is called .ee."""
    return lab.line(["**"], wrap=["enterprise/**", "**/*.ee"])


def _folder_mode(mode: str) -> Callable[[_Attack], None]:
    def make(on: _Attack) -> None:
        on.commit([("100644", "a", on.plain), (mode, "enterprise", on.wrap)])

    return make


def _renamed(on: _Attack) -> None:
    first = on.commit([("100644", "a", on.plain), ("100644", "b.ee", on.secret)])
    on.commit([("100644", "a", on.plain), ("40000", "enterprise", on.wrap)], first)


def _evil_merge(on: _Attack) -> None:
    one = on.commit([("100644", "a", on.plain)])
    two = on.commit([("100644", "b", on.plain)])
    on.commit([*on.usual[:1], ("100644", "evil.ee", on.secret), *on.usual[1:]], one, two)


def _octopus(on: _Attack) -> None:
    roots = [on.commit([("100644", name, on.plain)]) for name in "bcd"]
    roots.append(on.commit([("40000", "enterprise", on.wrap)]))
    on.commit(on.usual, *roots)


def _file_then_folder(on: _Attack) -> None:
    first = on.commit([("100644", "a", on.plain), ("100644", "enterprise", on.plain)])
    second = on.commit(on.usual, first)
    on.commit([("100644", "a", on.plain), ("120000", "enterprise", on.plain)], second)


def _reverted(on: _Attack) -> None:
    first = on.commit([("100644", "a", on.plain)])
    second = on.commit(on.usual, first)
    on.commit([("100644", "a", on.plain)], second, message="Revert")


def _one_tree_twice(on: _Attack) -> None:
    shared = on.tree([("100644", "k.ee", on.secret), ("100644", "x", on.plain)])
    inner = on.tree([("40000", "enterprise", shared), ("40000", "src", shared)])
    on.commit([("40000", "deep", inner), ("40000", "enterprise", inner), ("40000", "src", shared)])


def _group_writable(on: _Attack) -> None:
    on.commit([("100664", "a", on.plain), ("100664", "k.ee", on.secret)])


def _unsorted(on: _Attack) -> None:
    on.commit([("40000", "src", on.core), ("40000", "enterprise", on.wrap),
               ("100644", "a", on.plain)])  # fmt: skip


def _empty_trees(on: _Attack) -> None:
    nothing = on.tree([])
    on.commit([("100644", "a", on.plain), ("40000", "enterprise", nothing),
               ("40000", "src", nothing)])  # fmt: skip


def _slash_in_name(on: _Attack) -> None:
    on.commit([("100644", "a", on.plain), ("100644", "enterprise/s", on.secret)])


def _undecodable(on: _Attack) -> None:
    inner = on.tree([("100644", "\udcff.ee", on.secret), ("100644", "\udcfe", on.plain)])
    on.commit([("40000", "src", inner)])


def _links(on: _Attack) -> None:
    target = on.blob("../a")
    inner = on.tree([("120000", "k.ee", on.secret), ("120000", "to", target)])
    on.commit([*on.usual[:2], ("40000", "src", inner)])


def _submodule_of_the_wrap(on: _Attack) -> None:
    first = on.commit(on.usual)
    on.commit([("100644", "a", on.plain), ("160000", "enterprise", on.secret)], first)


def _notes(on: _Attack) -> None:
    name = on.commit(on.usual)
    on.git("notes", "add", "-m", _SECRET, name)


def _signed_secret(on: _Attack) -> None:
    name = on.commit(on.usual)
    body = on.git("cat-file", "commit", name).replace(
        "\n\n", f"\ngpgsig {_SECRET} -----END-----\nmergetag {_SECRET} x\nx-note {_SECRET}\n", 1
    )
    made = on.git("hash-object", "-t", "commit", "-w", "--stdin", "--literally",
                  stdin=body.encode())  # fmt: skip
    on.git("update-ref", "refs/heads/main", made)


def _no_body(on: _Attack) -> None:
    who = "A <a@b.c> 1700000000 +0000"
    body = f"tree {on.tree(on.usual)}\nauthor {who}\ncommitter {who}\n"
    name = on.git("hash-object", "-t", "commit", "-w", "--stdin", stdin=body.encode())
    on.git("update-ref", "refs/heads/main", name)


def _tag_of(kind: str) -> Callable[[_Attack], None]:
    def make(on: _Attack) -> None:
        on.commit(on.usual)
        named = on.secret if kind == "blob" else on.wrap
        on.git("tag", "-a", "-m", "evil", "inner", named)
        on.git("tag", "-a", "-m", "evil", "outer", "inner")
        on.git("tag", "light", named)

    return make


def _tag_of_the_wrap_alone(on: _Attack) -> None:
    aside = on.commit([("40000", "enterprise", on.wrap)])
    on.git("tag", "-a", "-m", "evil", "aside", aside)
    on.commit(on.usual)


def _tag_with_headers(on: _Attack) -> None:
    name = on.commit(on.usual)
    body = f"object {name}\ntype commit\ntag v1\ntagger A <a@b.c> 1 +0000\nx-note {_SECRET}\nm\n"
    made = on.git("hash-object", "-t", "tag", "-w", "--stdin", "--literally", stdin=body.encode())
    on.git("update-ref", "refs/tags/v1", made)


@pytest.mark.parametrize(
    ("make", "files"),
    [
        (_folder_mode("40755"), {"a"}),
        (_folder_mode("040755"), {"a"}),
        (_folder_mode("40001"), {"a"}),
        (_folder_mode("040000"), {"a"}),
        (_renamed, {"a"}),
        (_evil_merge, {"a", "src/x"}),
        (_octopus, {"a", "src/x"}),
        (_file_then_folder, {"a", "enterprise"}),
        (_reverted, {"a"}),
        (_one_tree_twice, {"deep/enterprise/x", "deep/src/x", "src/x"}),
        (_group_writable, {"a"}),
        (_unsorted, {"a", "src/x"}),
        (_empty_trees, {"a"}),
        (_slash_in_name, {"a"}),
        (_undecodable, {"src/\udcfe"}),
        (_links, {"a", "src/to"}),
        (_submodule_of_the_wrap, {"a"}),
        (_notes, {"a", "src/x"}),
        (_signed_secret, {"a", "src/x"}),
        (_no_body, {"a", "src/x"}),
        (_tag_of("blob"), {"a", "src/x"}),
        (_tag_of("tree"), {"a", "src/x"}),
        (_tag_of_the_wrap_alone, {"a", "src/x"}),
        (_tag_with_headers, {"a", "src/x"}),
    ],
)
@pytest.mark.parametrize("prepared", [False, True])
def test_the_core_comes_out_whole_and_nothing_else(
    lab: Any,
    attack: _Attack,
    line: Any,
    tmp_path: Path,
    make: Callable[[_Attack], None],
    files: set[str],
    prepared: bool,
) -> None:
    make(attack)
    to = tmp_path / "public.git"
    public = lab.repository(to) if prepared else type(attack.repository)(to)
    lab.publish(attack.repository, to, line)
    assert set(public.files("main")) == files
    _assert_without_secret(public, attack)
    assert verify(
        attack.repository.folder, str(to), Recipe.today(line), progress=lambda *_: None
    ).kept


def _assert_without_secret(public: Any, attack: _Attack) -> None:
    """No object that the public repository has says it, and none names what holds it."""
    rows = public.git("cat-file", "--batch-all-objects", "--batch-check").splitlines()
    names = [row.split()[0] for row in rows]
    assert names
    assert not {attack.secret, attack.wrap} & set(names)
    shown = public.git("cat-file", "--batch", stdin="\n".join(names).encode())
    for form in (_SECRET.strip(), attack.secret, attack.wrap):
        assert form not in shown
    for raw in (attack.secret, attack.wrap):
        assert bytes.fromhex(raw) not in shown.encode("utf-8", "surrogateescape")


@pytest.mark.parametrize("name", ["GIT_REPLACE_REF_BASE", "GIT_GRAFT_FILE", "GIT_DEFAULT_HASH"])
def test_the_environment_shows_no_other_history(
    lab: Any,
    attack: _Attack,
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
    lab: Any, attack: _Attack, line: Any, tmp_path: Path
) -> None:
    attack.commit(attack.usual)
    _run(attack.repository.folder, "worktree", "add", "-q", "-b", "x", str(tmp_path / "linked"))
    _refused(lab, attack, tmp_path / "linked", line, "target-is-private")


def test_claims_of_a_folder_do_not_meet_a_whole_repository(
    lab: Any, attack: _Attack, line: Any, tmp_path: Path
) -> None:
    # "**" below product/ would be everything of the repository, product/enterprise/ too.
    product = attack.tree(attack.usual)
    attack.commit([("40000", "product", product)])
    _run(tmp_path, "clone", "-q", str(attack.repository.folder), "clone")
    attack.repository.folder = tmp_path / "clone" / "product"
    _refused(lab, attack, tmp_path / "public.git", line, "publish-below-top")


def _refused(lab: Any, attack: _Attack, to: Path, line: Any, code: str) -> None:
    with pytest.raises(CorelineError) as refused:
        lab.publish(attack.repository, to, line)
    assert refused.value.code == code
    assert refused.value.hint


def _leak_all(patch: pytest.MonkeyPatch, attack: _Attack) -> None:
    patch.setattr(TreeFilter, "_decide", lambda *_: 1)


def _drop_one(patch: pytest.MonkeyPatch, attack: _Attack) -> None:
    real = TreeFilter._decide
    patch.setattr(
        TreeFilter, "_decide", lambda self, at, row: 0 if b" a\0" in row else real(self, at, row)
    )


def _swap_parents(patch: pytest.MonkeyPatch, attack: _Attack) -> None:
    _change(patch, lambda parts: parts._replace(parents=parts.parents[::-1]))


def _change_author(patch: pytest.MonkeyPatch, attack: _Attack) -> None:
    _change(patch, lambda parts: parts._replace(author=parts.author.replace(b"A ", b"B ")))


def _change_message(patch: pytest.MonkeyPatch, attack: _Attack) -> None:
    _change(patch, lambda parts: parts._replace(message=parts.message + b"\n"))


def _keep_tree(patch: pytest.MonkeyPatch, attack: _Attack) -> None:
    whole = bytes.fromhex(attack.git("rev-parse", "main^{tree}"))
    _change(patch, lambda parts: parts._replace(tree=whole))


def _change(patch: pytest.MonkeyPatch, change: Callable[[CommitParts], CommitParts]) -> None:
    from coreline.sources.objects import build_commit

    patch.setattr(
        "coreline.publish.commits.build_commit", lambda parts: build_commit(change(parts))
    )


def _prune_all(patch: pytest.MonkeyPatch, attack: _Attack) -> None:
    real = Rewriter._one

    def one(self: Rewriter, name: bytes, data: bytes, part: CommitParts, core: bytes) -> Any:
        entry = real(self, name, data, part, core)
        before = self._run.get(part.parents[0]) if part.parents else None
        return entry._replace(public=before.public, pruned=True) if before else entry

    patch.setattr(Rewriter, "_one", one)


def _submodule_kept(patch: pytest.MonkeyPatch, attack: _Attack) -> None:
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
    attack: _Attack,
    line: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    mutate: Callable[[pytest.MonkeyPatch, _Attack], None],
) -> None:
    one = attack.commit(attack.usual[:1])
    two = attack.commit(attack.usual[:2], one, message="two")
    three = attack.commit([("100644", "a", attack.secret)], one, message="three")
    attack.commit(attack.usual, two, three)
    mutate(monkeypatch, attack)
    _refused(lab, attack, tmp_path / "public.git", line, "publish-proof-failed")
    assert not (tmp_path / "public.git").exists()


def _private_tag(tag: Any, attack: _Attack) -> bytes:
    return bytes(tag.target)


def _private_commit(tag: Any, attack: _Attack) -> bytes:
    return bytes(tag.commit)


def _other_tag(tag: Any, attack: _Attack) -> bytes:
    public = attack.git("cat-file", "tag", "v1").replace("said", _SECRET)
    return bytes.fromhex(attack.git("hash-object", "-t", "tag", "-w", "--stdin",
                                    stdin=public.encode()))  # fmt: skip


@pytest.mark.parametrize("wrong", [_private_tag, _private_commit, _other_tag])
def test_no_ref_names_what_is_not_proven(
    lab: Any,
    attack: _Attack,
    line: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    wrong: Callable[[Any, _Attack], bytes],
) -> None:
    attack.commit(attack.usual)
    attack.git("tag", "-a", "-m", "said", "v1")

    def tags(private: Any, *_: object) -> PublicTags:
        return PublicTags({tag.name: wrong(tag, attack) for tag in private}, [], {})

    monkeypatch.setattr("coreline.publish.publish.public_tags", tags)
    _refused(lab, attack, tmp_path / "public.git", line, "publish-refs-unproven")
    assert not (tmp_path / "public.git").exists()


def test_no_branch_names_what_is_not_proven(
    lab: Any, attack: _Attack, line: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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
    lab: Any, attack: _Attack, line: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str
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
