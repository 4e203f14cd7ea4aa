# SPDX-License-Identifier: Apache-2.0
"""Single cases of publish: what is pruned, what is carried along, what is refused."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from coreline.errors import CorelineError, InputError, NothingToDo, OutsideError
from coreline.publish.outside import Target
from coreline.publish.recipe.recipe import Recipe
from coreline.publish.store import Store
from coreline.publish.verify import verify

_CORE = ["**"]
_WRAP = ["enterprise/**"]


def _public(lab: Any, folder: Path) -> Any:
    return type(lab.repository(folder.with_name(f"{folder.name}-look")))(folder)


def _verify(private: Any, to: Path | str, line: Any) -> Any:
    return verify(private.folder, str(to), Recipe.today(line), progress=lambda *_: None)


@pytest.fixture
def line(lab: Any) -> Any:
    """Everything is core but enterprise/."""
    return lab.line(_CORE, wrap=_WRAP)


def test_the_merge_that_default_pruning_gets_wrong(lab: Any, tmp_path: Path) -> None:
    # The six commits: pruning the merge of doc away reverts what feat did to app.
    base = lab.files(app="1", site__d="1", site__s2="1")
    feat = base | lab.files(app="2", site__s2="2")
    doc = base | lab.files(site__d="2")
    merged = feat | lab.files(site__d="2", app="3")
    history = [(base, []), (feat, [0]), (doc, [0]), (doc, [0, 2]), (merged, [3, 1])]
    private = lab.repository(tmp_path / "private.git", history)
    report = lab.publish(private, tmp_path / "public.git", lab.line(["**"], site=["site/**"]))
    public = _public(lab, tmp_path / "public.git")
    assert public.git("show", "main:app") == "3"
    assert public.git("rev-list", "--count", "main") == "4"
    # The merge of doc, both of whose parents have become the base, stays as a merge.
    assert len(public.git("rev-list", "--parents", "-1", "main^1").split()) == 3
    assert (report.published, report.pruned) == (4, 1)


def test_empty_commits_stay_only_where_they_were_empty_before(
    lab: Any, line: Any, tmp_path: Path
) -> None:
    core = lab.files(a="1")
    history = [
        (core, []),
        (core, [0]),  # Empty before: kept.
        (core | lab.files(enterprise__s="1"), [1]),  # Becomes empty: pruned.
        (core | lab.files(enterprise__s="1"), [2]),  # Empty, on a pruned one: pruned.
        (lab.files(a="2", enterprise__s="1"), [3]),
    ]
    private = lab.repository(tmp_path / "private.git", history)
    report = lab.publish(private, tmp_path / "public.git", line)
    subjects = _public(lab, tmp_path / "public.git").git("log", "--format=%s", "main")
    assert subjects.split() == ["4", "1", "0"]
    assert report.pruned == 2


def test_author_encoding_and_message_are_carried_byte_for_byte(
    lab: Any, line: Any, tmp_path: Path
) -> None:
    private = lab.repository(tmp_path / "private.git", [(lab.files(a="1"), [])])
    tree = private.git("rev-parse", "main^{tree}")
    body = (
        f"tree {tree}\nparent {private.ids[0]}\n".encode()
        + b"author J\xf6rg <j@x> 1700000000 -0330\ncommitter  <> 1700000001 +0000\n"
        + b"gpgsig -----BEGIN PGP SIGNATURE-----\n \n abc\n -----END PGP SIGNATURE-----\n"
        + b"encoding ISO-8859-1\nx-secret enterprise\n\nGr\xfc\xdfe\n\nno line end"
    )
    name = private.git("hash-object", "-t", "commit", "-w", "--stdin", stdin=body)
    private.git("update-ref", "refs/heads/main", name)
    lab.publish(private, tmp_path / "public.git", line)
    public = _public(lab, tmp_path / "public.git")
    said = public.git("cat-file", "commit", "main").encode("utf-8", "surrogateescape")
    assert said.split(b"\n", 2)[2] == (
        b"author J\xf6rg <j@x> 1700000000 -0330\ncommitter  <> 1700000001 +0000\n"
        b"encoding ISO-8859-1\n\nGr\xfc\xdfe\n\nno line end"
    )


def test_tags_are_made_again_and_signatures_left_out(lab: Any, line: Any, tmp_path: Path) -> None:
    history = [(lab.files(enterprise__s="1"), []), (lab.files(a="1"), [0]), (lab.files(a="2"), [1])]
    private = lab.repository(tmp_path / "private.git", history)
    private.git("tag", "light", private.ids[1])
    private.git("tag", "-a", "-m", "One\n\nwith words", "v1", private.ids[1])
    private.git("tag", "-a", "-m", "of a tag", "nested", "v1")
    private.git("tag", "secret", private.ids[0])
    private.git("tag", "tree", "main^{tree}")
    private.git(
        "update-ref", "refs/tags/aside", private.git("commit-tree", "-m", "x", "main^{tree}")
    )
    signed = private.git("cat-file", "tag", "v1") + "\n-----BEGIN PGP SIGNATURE-----\n\nabc\n"
    signed += "-----END PGP SIGNATURE-----\n"
    name = private.git("hash-object", "-t", "tag", "-w", "--stdin", stdin=signed.encode())
    private.git("update-ref", "refs/tags/signed", name)
    report = lab.publish(private, tmp_path / "public.git", line)
    public = _public(lab, tmp_path / "public.git")
    assert public.git("tag").split() == ["light", "nested", "signed", "v1"]
    assert (
        public.git("rev-parse", "light", "v1^{}", "nested^{}", "signed^{}").split()
        == [public.git("rev-parse", "main^")] * 4
    )
    assert public.git("for-each-ref", "refs/tags/v1", "--format=%(contents:body)") == "with words"
    assert "PGP" not in public.git("cat-file", "tag", "signed")
    assert report.tags.unsigned == ["signed"]
    assert report.tags.left_out == {
        "aside": "it is not on the branch",
        "secret": "nothing of what it names is core",
        "tree": "it names no commit",
    }
    public.git("fsck", "--full", "--strict")


def test_a_second_run_carries_only_what_is_new(lab: Any, line: Any, tmp_path: Path) -> None:
    history = [(lab.files(a=str(n), enterprise__s="s"), [n - 1] if n else []) for n in range(30)]
    private = lab.repository(tmp_path / "private.git", history[:29])
    lab.publish(private, tmp_path / "public.git", line)
    with pytest.raises(NothingToDo) as nothing:
        lab.publish(private, tmp_path / "public.git", line)
    assert nothing.value.code == "publish-up-to-date"
    lab.extend(private, history)
    private.git("tag", "v2", "main")
    report = lab.publish(private, tmp_path / "public.git", line)
    assert (report.commits, report.published) == (1, 1)
    assert {move.ref for move in report.moves} == {"refs/heads/main", "refs/tags/v2"}
    assert _public(lab, tmp_path / "public.git").git("show", "v2:a") == "29"


def test_branches_are_published_one_by_one(lab: Any, line: Any, tmp_path: Path) -> None:
    history = [(lab.files(a="1"), []), (lab.files(a="2"), [0]), (lab.files(a="3"), [1])]
    private = lab.repository(tmp_path / "private.git", history)
    private.git("tag", "v1", private.ids[0])
    private.git("tag", "v3", private.ids[2])
    private.git("update-ref", "refs/heads/old", private.ids[1])
    to = tmp_path / "public.git"
    lab.publish(private, tmp_path / "elsewhere.git", line)
    # All is proven already, but the tag v3 is not on this branch.
    report = lab.publish(private, to, line, branch="old")
    assert (report.commits, report.tags.left_out) == (0, {"v3": "it is not on the branch"})
    public = _public(lab, to)
    assert public.git("for-each-ref", "--format=%(refname)").split() == [
        "refs/heads/old",
        "refs/tags/v1",
    ]
    lab.publish(private, to, line)
    assert public.git("rev-parse", "main^", "v3^").split() == [public.git("rev-parse", "old")] * 2
    assert _verify(private, to, line).branches == ["main", "old"]


def test_a_dry_run_writes_nothing_outside(lab: Any, line: Any, tmp_path: Path) -> None:
    private = lab.repository(tmp_path / "private.git", [(lab.files(a="1"), [])])
    before = private.git("for-each-ref"), sorted((private.folder / "objects").rglob("*"))
    report = lab.publish(private, tmp_path / "public.git", line, dry_run=True)
    assert not report.pushed
    assert not (tmp_path / "public.git").exists()
    assert (private.git("for-each-ref"), sorted((private.folder / "objects").rglob("*"))) == before
    assert lab.publish(private, tmp_path / "public.git", line).public == report.public


def _refused(lab: Any, private: Any, to: Path | str, line: Any, **options: Any) -> str:
    with pytest.raises(CorelineError) as refused:
        lab.publish(private, to, line, **options)
    assert refused.value.hint
    return refused.value.code


def test_files_without_a_side_at_the_head_stop_it(lab: Any, tmp_path: Path) -> None:
    history = [(lab.files(src__a="1", new__b="1"), [])]
    private = lab.repository(tmp_path / "private.git", history)
    tie = lab.line(["src/**", "new/*"], wrap=["enterprise/**", "*/b"])
    for line in (lab.line(["src/**"], wrap=["enterprise/**"]), tie):
        assert _refused(lab, private, tmp_path / "public.git", line) == "publish-unclaimed"
    assert not (tmp_path / "public.git").exists()
    # In older commits, such files are left out.
    lab.extend(private, [*history, (lab.files(src__a="1"), [0])])
    report = lab.publish(private, tmp_path / "public.git", lab.line(["src/**"]))
    assert report.unclaimed == ["new/"]
    public = _public(lab, tmp_path / "public.git")
    assert public.git("log", "--name-only", "--format=", "main") == "src/a"


def test_an_outsiders_commit_is_never_lost(lab: Any, line: Any, tmp_path: Path) -> None:
    history = [(lab.files(a="1"), []), (lab.files(a="2"), [0])]
    private = lab.repository(tmp_path / "private.git", history[:1])
    lab.publish(private, tmp_path / "public.git", line)
    public = _public(lab, tmp_path / "public.git")
    name = public.git("commit-tree", "-p", "main", "-m", "outsider's", "main^{tree}")
    public.git("update-ref", "refs/heads/main", name)
    lab.extend(private, history)
    for options in ({}, {"rebuild": True}):
        code = _refused(lab, private, tmp_path / "public.git", line, **options)
        assert code == "publish-public-moved"
    assert public.git("rev-parse", "main") == name


def test_a_changed_line_replaces_history_only_when_told(lab: Any, tmp_path: Path) -> None:
    history = [(lab.files(a="1", b="1"), []), (lab.files(a="2", b="1"), [0])]
    private = lab.repository(tmp_path / "private.git", history)
    to = tmp_path / "public.git"
    lab.publish(private, to, lab.line(["**"]))
    private.git("tag", "v1", private.ids[0])
    narrower = lab.line(["**"], wrap=["b"])
    assert _refused(lab, private, to, narrower) == "publish-history-changed"
    report = lab.publish(private, to, narrower, rebuild=True)
    public = _public(lab, to)
    assert public.git("rev-parse", "main") == report.public.hex()
    # A claim that changes nothing of the history changes no id.
    same = lab.line(["**"], wrap=["b", "never/**"])
    with pytest.raises(NothingToDo):
        lab.publish(private, to, same)
    private.git("tag", "-f", "v1", private.ids[1])
    assert _refused(lab, private, to, narrower) == "publish-tag-moved"


def test_what_is_not_the_real_history_is_refused(lab: Any, line: Any, tmp_path: Path) -> None:
    history = [(lab.files(a="1"), []), (lab.files(a="2"), [0])]
    private = lab.repository(tmp_path / "private.git", history)
    to = tmp_path / "public.git"
    private.git("replace", private.ids[0], private.ids[1])
    assert _refused(lab, private, to, line) == "publish-replaced-objects"
    private.git("replace", "-d", private.ids[0])
    shallow = lab.repository(tmp_path / "outer" / "x.git")
    shallow.folder = tmp_path / "shallow.git"
    private.git(
        "clone", "-q", "--bare", "--depth=1", f"file://{private.folder}", str(shallow.folder)
    )
    assert _refused(lab, shallow, to, line) == "publish-history-cut"
    (private.folder / "info").mkdir(exist_ok=True)
    (private.folder / "info" / "grafts").write_text(f"{private.ids[1]}\n")
    assert _refused(lab, private, to, line) == "publish-history-cut"


def test_longer_ids_are_refused(lab: Any, line: Any, tmp_path: Path) -> None:
    private = lab.repository(tmp_path / "private.git")
    shutil.rmtree(private.folder)
    lab.repository(tmp_path / "x" / "y.git").git(
        "init",
        "-q",
        "--bare",
        "--object-format=sha256",
        "--initial-branch=main",
        str(private.folder),
    )
    private.git(
        "update-ref", "refs/heads/main", private.git("commit-tree", "-m", "x", _empty(private))
    )
    assert _refused(lab, private, tmp_path / "public.git", line) == "publish-object-format"


def _empty(private: Any) -> str:
    return str(private.git("mktree", stdin=b""))


def test_wrong_places_are_refused(lab: Any, line: Any, tmp_path: Path) -> None:
    private = lab.repository(tmp_path / "private.git", [(lab.files(a="1"), [])])
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("x")
    to = tmp_path / "public.git"
    assert _refused(lab, private, private.folder, line) == "target-is-private"
    assert _refused(lab, private, tmp_path / "full", line) == "target-not-repository"
    assert _refused(lab, private, to, line, branch="nowhere") == "branch-unknown"
    assert _refused(lab, private, to, lab.line(["b"], wrap=["a"])) == "publish-nothing-core"
    nowhere = lab.repository(tmp_path / "outer" / "x.git")
    nowhere.folder = tmp_path / "full"
    assert _refused(lab, nowhere, to, line) == "repository-unknown"
    private.git("symbolic-ref", "HEAD", "refs/heads/unborn")
    assert _refused(lab, private, to, line) == "publish-no-branch"


def test_a_missing_blob_stops_it_only_if_it_is_core(lab: Any, line: Any, tmp_path: Path) -> None:
    history = [(lab.files(a="lost core", enterprise__s="lost wrap", b="b"), [])]
    private = lab.repository(tmp_path / "private.git", history)
    _lose(private, "main:enterprise/s")
    lab.publish(private, tmp_path / "public.git", line)
    # Whatever is read after the missing one is still read rightly.
    private.git("tag", "-a", "-m", "said", "v1", "main")
    _lose(private, "main:a")
    code = _refused(lab, private, tmp_path / "other.git", line)
    assert code == "publish-blobs-missing"
    assert not (tmp_path / "other.git").exists()


def _lose(private: Any, revision: str) -> None:
    """Drop one object from the store."""
    name = private.git("rev-parse", revision)
    pack = private.folder / "objects" / "pack"
    held = [*pack.glob("*.pack")]
    for file in held:
        moved = private.folder / file.name
        file.rename(moved)
        for other in pack.iterdir():
            other.unlink()
        with moved.open("rb") as stream:
            private.git("unpack-objects", "-q", stdin=stream.read())
    (private.folder / "objects" / name[:2] / name[2:]).unlink()


def test_into_an_existing_repository_it_is_a_push(lab: Any, line: Any, tmp_path: Path) -> None:
    private = lab.repository(tmp_path / "private.git", [(lab.files(a="1", enterprise__s="s"), [])])
    public = lab.repository(tmp_path / "public.git")
    hook = public.folder / "hooks" / "post-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ncat > {tmp_path}/heard\n")
    hook.chmod(0o755)
    report = lab.publish(private, public.folder, line)
    assert public.git("rev-parse", "main") == report.public.hex()
    assert (tmp_path / "heard").read_text().endswith(f"{report.public.hex()} refs/heads/main\n")
    hook.with_name("pre-receive").write_text("#!/bin/sh\necho no thanks >&2\nexit 1\n")
    hook.with_name("pre-receive").chmod(0o755)
    private.git("tag", "v1", "main")
    with pytest.raises(OutsideError, match="no thanks") as refused:
        lab.publish(private, public.folder, line)
    assert refused.value.code == "publish-push-refused"


def test_over_the_network_it_is_a_push_too(
    lab: Any, line: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A "remote" machine that is this one: what ssh would run there is run here.
    ssh = tmp_path / "ssh"
    ssh.write_text('#!/bin/sh\nshift\nexec sh -c "$*"\n')
    ssh.chmod(0o755)
    monkeypatch.setenv("GIT_SSH", str(ssh))
    monkeypatch.setenv("GIT_SSH_VARIANT", "simple")
    private = lab.repository(tmp_path / "private.git", [(lab.files(a="1", enterprise__s="s"), [])])
    address = f"far.example:{tmp_path}/public.git"
    assert _refused(lab, private, address, line) == "target-unreachable"
    public = lab.repository(tmp_path / "public.git")
    report = lab.publish(private, address, line)
    assert public.git("rev-parse", "main") == report.public.hex()
    assert _verify(private, address, line).kept
    assert not (private.folder / "coreline" / "publish" / "verify.git").exists()
    with pytest.raises(NothingToDo):
        lab.publish(private, address, line)


@pytest.mark.parametrize(
    ("address", "label"),
    [
        ("https://me:secret@example.com/a.git", "https://example.com/a.git"),
        ("git@example.com:a/b.git", "git@example.com:a/b.git"),
        ("ssh://git@example.com/a.git", "ssh://example.com/a.git"),
    ],
)
def test_no_password_is_shown_or_kept(tmp_path: Path, address: str, label: str) -> None:
    assert Target(address, tmp_path).label == label


def test_two_publishes_do_not_run_at_once(lab: Any, line: Any, tmp_path: Path) -> None:
    private = lab.repository(tmp_path / "private.git", [(lab.files(a="1"), [])])
    with Store(private.folder).locked():
        assert _refused(lab, private, tmp_path / "public.git", line) == "publish-running"
    lab.publish(private, tmp_path / "public.git", line)


def test_the_proof_refuses_a_wrong_filter(
    lab: Any, line: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = lab.repository(tmp_path / "private.git", [(lab.files(a="1", enterprise__s="s"), [])])
    monkeypatch.setattr("coreline.publish.folders.Folders.extent", lambda *_: "core")
    code = _refused(lab, private, tmp_path / "public.git", line)
    assert code == "publish-proof-failed"
    assert not (tmp_path / "public.git").exists()
    monkeypatch.undo()
    lab.publish(private, tmp_path / "public.git", line)
    assert _public(lab, tmp_path / "public.git").git("ls-tree", "-r", "--name-only", "main") == "a"


def test_verify_finds_what_does_not_belong(lab: Any, line: Any, tmp_path: Path) -> None:
    moved = [
        (lab.files(a="1", enterprise__s="was sold"), []),
        (lab.files(a="1", s="was sold"), [0]),
    ]
    private = lab.repository(tmp_path / "private.git", moved)
    to = tmp_path / "public.git"
    with pytest.raises(InputError) as nothing:
        _verify(private, to, line)
    assert nothing.value.code == "verify-nothing-published"
    lab.publish(private, to, line)
    report = _verify(private, to, line)
    assert report.kept
    assert (report.commits, report.contents, report.shared) == (2, 2, ["s"])
    public = _public(lab, to)
    blob = public.git("hash-object", "-w", "--stdin", stdin=b"leak")
    tree = public.git("mktree", stdin=f"100644 blob {blob}\tleak\n".encode())
    public.git("update-ref", "refs/heads/other", public.git("commit-tree", "-m", "x", tree))
    report = _verify(private, to, line)
    assert not report.kept
    assert any("leak" in problem for problem in report.problems)
    assert any("do not come out" in problem for problem in report.problems)


def test_verify_notes_links_of_the_core_into_the_wrap(lab: Any, line: Any, tmp_path: Path) -> None:
    files = lab.files(src__a="1", enterprise__s="1")
    files |= {"src/in": ("120000", "../enterprise/s"), "src/fine": ("120000", "a")}
    files["all"] = ("120000", "enterprise")
    fine = {path: file for path, file in files.items() if path not in ("src/in", "all")}
    history = [(files, []), (fine, [0])]
    private = lab.repository(tmp_path / "private.git", history)
    lab.publish(private, tmp_path / "public.git", line)
    report = _verify(private, tmp_path / "public.git", line)
    assert report.kept
    assert report.notes == [
        "all → enterprise: leads nowhere",
        "src/in → ../enterprise/s: leads nowhere",
    ]


def test_verify_reads_what_the_public_repository_itself_holds(
    lab: Any, line: Any, tmp_path: Path
) -> None:
    private = lab.repository(tmp_path / "private.git", [(lab.files(a="1", b__c="2"), [])])
    to = tmp_path / "public.git"
    lab.publish(private, to, line)
    elsewhere = tmp_path / "elsewhere.git"
    shutil.move(to, elsewhere)
    assert _verify(private, elsewhere, line).kept
