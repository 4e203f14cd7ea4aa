# SPDX-License-Identifier: Apache-2.0
"""``coreline import`` as its user runs it: strangers' commits come in and go out with their ids."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

# What the fixtures of the conftest make: its types cannot be imported.
World = Any
Worlds = Any


def test_commits_come_in_with_author_date_and_message_and_go_out_with_their_ids(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.fork.git("checkout", "-q", "-b", "feature")
    first = world.fork.commit("Subject\n\nBody \n  kept", src__a_py="a\nB\nc\nd\ne\nf\n")
    world.fork.git("mv", "src/a.py", "src/moved.py")
    second = world.fork.commit("Second", src__new_py="n\n")
    world.push("feature")
    assert world.coreline("import", "feature") == 0
    assert f"{first[:12]} in public is" in capsys.readouterr().out
    assert world.published()[:2] == [second, first]
    # The wrap is where it was, and the private commits are the outsider's.
    assert (world.private.folder / "ee/y").read_text() == "y\n"
    shown = world.private.git("log", "-2", "--format=%an %ae %at %ct %B")
    assert shown == world.fork.git("log", "-2", "--format=%an %ae %at %ct %B")


def test_status_says_which_contributions_wait(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.fork.git("checkout", "-q", "-b", "feature")
    world.fork.commit("mine", src__m="m\n")
    world.push("feature")
    world.fork.git(
        "push", "-q", "origin", "feature:refs/pull/7/head", "origin/main:refs/heads/same"
    )
    capsys.readouterr()
    assert world.coreline("status", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["waiting"] == ["feature", "refs/pull/7/head"]
    assert world.coreline("import", "refs/pull/7/head") == 0
    world.published()
    assert world.coreline("status") == 0
    assert "holds commits of others" not in capsys.readouterr().out


def test_merges_of_an_outsider_come_in_whole(world: World) -> None:
    world.fork.git("checkout", "-q", "-b", "one")
    world.fork.commit("one", src__one="1\n")
    world.fork.git("checkout", "-q", "-b", "two", "origin/main")
    world.fork.commit("two", src__two="2\n")
    world.fork.git("merge", "-q", "--no-edit", "one")
    tip = world.fork.git("rev-parse", "HEAD")
    world.push("two")
    assert world.coreline("import", "two") == 0
    assert tip in world.published()
    assert world.private.git("rev-list", "--merges", "--count", "HEAD") == "1"


def test_a_branch_that_merged_the_newer_public_main_keeps_the_newer_wrap(world: World) -> None:
    world.fork.git("checkout", "-q", "-b", "feature")
    world.fork.commit("mine", src__mine="m\n")
    world.private.commit("ours", src__ours="o\n", ee__x="newer\n")
    world.published()
    world.fork.git("fetch", "-q")
    world.fork.git("merge", "-q", "--no-edit", "origin/main")
    tip = world.fork.git("rev-parse", "HEAD")
    world.push("feature")
    assert world.coreline("import", "feature") == 0
    assert (world.private.folder / "ee/x").read_text() == "newer\n"
    assert world.published()[0] == tip


def test_a_conflict_stops_with_gits_markers_and_goes_on(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.fork.git("checkout", "-q", "-b", "feature")
    tip = world.fork.commit("B", src__a_py="a\nB\nc\nd\ne\nf\n")
    world.push("feature")
    world.private.commit("bb", src__a_py="a\nbb\nc\nd\ne\nf\n")
    assert world.coreline("import", "feature") == 2
    assert "[import-conflict]" in capsys.readouterr().err
    assert "<<<<<<<" in (world.private.folder / "src/a.py").read_text()
    assert world.coreline("import", "other") == 2
    assert "[import-waits]" in capsys.readouterr().err
    assert world.coreline("import", "--continue") == 2
    world.private.write(src__a_py="a\nBB\nc\nd\ne\nf\n")
    world.private.git("add", "-A")
    assert world.coreline("import", "--continue") == 0
    assert tip in world.published()
    assert world.coreline("import", "--continue") == 2
    assert "[import-none-waits]" in capsys.readouterr().err


def test_abort_puts_everything_back(world: World) -> None:
    world.fork.git("checkout", "-q", "-b", "feature")
    world.fork.commit("B", src__a_py="a\nB\nc\nd\ne\nf\n")
    world.push("feature")
    before = world.private.commit("bb", src__a_py="a\nbb\nc\nd\ne\nf\n")
    assert world.coreline("import", "feature") == 2
    assert world.coreline("import", "--abort") == 0
    assert world.private.git("rev-parse", "HEAD") == before
    assert world.private.git("status", "--porcelain") == ""


def test_what_the_public_cannot_see_is_not_touched(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    before = world.private.git("rev-parse", "HEAD")
    for number, (name, said) in enumerate(
        [("ee__new", "is the wrap's (ee)"), ("unknown__f", "has no side")]
    ):
        world.fork.git("checkout", "-q", "-b", f"bad{number}", "origin/main")
        world.fork.commit("bad", **{name: "x\n"})
        world.push(f"bad{number}")
        assert world.coreline("import", f"bad{number}") == 2
        shown = capsys.readouterr().err
        assert said in shown
        assert "[import-not-core]" in shown
    assert world.private.git("rev-parse", "HEAD") == before


def test_a_change_that_moves_the_line_is_explained_and_taken_in_only_when_asked(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.fork.git("checkout", "-q", "-b", "line")
    text = (world.fork.folder / "coreline.toml").read_text()
    tip = world.fork.commit("more docs", coreline_toml=text.replace('"docs/**"', '"docs/**", "d"'))
    world.push("line")
    assert world.coreline("import", "line") == 2
    assert "[import-moves-line]" in capsys.readouterr().err
    assert world.coreline("import", "line", "--allow-line") == 0
    assert world.published()[0] == tip


@pytest.mark.parametrize("exempt", [False, True])
def test_a_sign_off_of_each_author_is_asked_with_the_exact_line(
    worlds: Worlds, tmp_path: Path, capsys: pytest.CaptureFixture[str], exempt: bool
) -> None:
    wanted = f'[contributions]\nsign_off = "dco"\nvendor_exempt = {str(exempt).lower()}\n'
    world = worlds.made(tmp_path, worlds.manifest + wanted)
    world.fork.git("checkout", "-q", "-b", "feature")
    world.fork.commit("mine", "--signoff", src__m="m\n")
    bare = world.fork.commit("theirs", "--author=Ven <v@corp.example>", src__t="t\n")
    world.fork.commit(
        "both\n\nCo-authored-by: Eve <e@out.example>\nSigned-off-by: Out <o@out.example>",
        src__b="b\n",
    )
    world.push("feature")
    assert world.coreline("import", "feature") == 2
    shown = capsys.readouterr().err
    assert "[import-sign-off-missing]" in shown
    assert ("Signed-off-by: Ven <v@corp.example>" in shown) is not exempt
    assert (bare[:12] in shown) is not exempt
    assert "both: Signed-off-by: Eve <e@out.example>" in shown
    assert "mine: " not in shown


def test_a_list_of_who_has_signed_is_consulted(
    worlds: Worlds, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = worlds.made(
        tmp_path, worlds.manifest + '[contributions]\nsign_off = "cla"\ncla = "ee/cla"\n'
    )
    world.fork.git("checkout", "-q", "-b", "feature")
    world.fork.commit("mine", src__m="m\n")
    world.push("feature")
    assert world.coreline("import", "feature") == 2
    assert "[import-cla-unreadable]" in capsys.readouterr().err
    world.private.commit("list", ee__cla="# signed\nE@else.example\n")
    assert world.coreline("import", "feature") == 2
    assert "mine: o@out.example" in capsys.readouterr().err
    world.private.commit("list", ee__cla="@OUT.example  # all of them\n")
    assert world.coreline("import", "feature") == 0


def test_a_bundle_and_a_mailbox_come_in_too(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle, mailbox = world.fork.folder.parent / "c.bundle", world.fork.folder.parent / "p.mbox"
    world.fork.git("checkout", "-q", "-b", "feature")
    tip = world.fork.commit("in a bundle", src__b="b\n")
    world.fork.git("bundle", "create", "-q", str(bundle), "feature", "^origin/main")
    assert world.coreline("import", str(bundle)) == 0
    assert world.published()[0] == tip
    world.fork.commit("in the mail", docs__m_md="m\n")
    mailbox.write_text(world.fork.git("format-patch", "-1", "--stdout") + "\n")
    assert world.coreline("import", str(mailbox)) == 0
    assert world.private.git("log", "-1", "--format=%an %s") == "Out in the mail"
    world.fork.commit("of the wrap", ee__m="m\n")
    mailbox.write_text(world.fork.git("format-patch", "-1", "--stdout") + "\n")
    assert world.coreline("import", str(mailbox)) == 2
    assert "touches ee/m, which is not core here" in capsys.readouterr().err
    mailbox.write_text(world.fork.git("diff", "HEAD~1"))
    assert world.coreline("import", str(mailbox)) == 2
    assert "[import-no-mailbox]" in capsys.readouterr().err


def test_nothing_of_the_users_own_is_mixed_in(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.fork.git("checkout", "-q", "-b", "feature")
    world.fork.commit("mine", src__m="m\n")
    world.push("feature")
    world.private.write(src__a_py="unfinished\n")
    assert world.coreline("import", "feature") == 2
    assert "[import-dirty]" in capsys.readouterr().err
    assert world.coreline("import", "feature", "--no-merge", "--format", "json") == 0
    done = json.loads(capsys.readouterr().out)
    assert (done["branch"], done["merged"]) == ("contributions/feature", False)
    assert (world.private.folder / "src/a.py").read_text() == "unfinished\n"
    assert world.private.git("log", "-1", "--format=%s", "contributions/feature") == "mine"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["nowhere"], "import-unknown"),
        (["main", "--from", "../nothing.git"], "import-unreachable"),
        ([], "import-one-way"),
        (["x", "--abort"], "import-one-way"),
        (["--abort"], "import-none-waits"),
    ],
)
def test_mistakes_are_explained(
    world: World, capsys: pytest.CaptureFixture[str], arguments: list[str], code: str
) -> None:
    assert world.coreline("import", *arguments) in (2, 3)
    assert f"[{code}]" in capsys.readouterr().err


def test_what_is_in_already_and_what_is_of_elsewhere(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert world.coreline("import", "main") == 4
    world.fork.git("checkout", "-q", "--orphan", "alone")
    world.fork.commit("alone", src__a="a\n")
    world.push("alone")
    capsys.readouterr()
    assert world.coreline("import", "alone") == 2
    assert "[import-unrelated]" in capsys.readouterr().err


RECIPE = """
[publish]
regions = true
paths = [{ private = "src/core", public = "" }]
messages = [{ match = "SECRET-[0-9]+", replace = "something" }]
bot = "Demo Bot <bot@demo.example>"
"""
REGION = "k = 1\n# coreline:wrap-begin\nsecret = 2\n# coreline:wrap-end\nm = 3\n\n\nz = 4\n"


def test_paths_regions_and_people_come_back_as_they_went(worlds: Worlds, tmp_path: Path) -> None:
    world = worlds.made(
        tmp_path,
        worlds.manifest.replace('paths = ["src/**"', 'paths = ["src/core/**", "conf"') + RECIPE,
        src__core__a_py="a\n",
        conf=REGION,
        README_md="r\n",
        ee__x="x\n",
    )
    assert (world.fork.folder / "a.py").read_text() == "a\n"
    world.fork.git("checkout", "-q", "-b", "feature")
    shown = (world.fork.folder / "conf").read_text()
    assert "secret" not in shown
    # SECRET-1 would be changed on the way out, had it not come from there.
    tip = world.fork.commit(
        "Fix SECRET-1", b_py="b\n", README_md="R\n", conf=shown.replace("z = 4", "z = 5")
    )
    world.push("feature")
    assert world.coreline("import", "feature") == 0
    assert (world.private.folder / "src/core/b.py").read_text() == "b\n"
    assert (world.private.folder / "README.md").read_text() == "R\n"
    assert (world.private.folder / "conf").read_text() == REGION.replace("z = 4", "z = 5")
    assert world.published()[0] == tip
    assert world.coreline("publish", "--verify") in (0, 1)


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="nothing here can sign a commit")
def test_a_signed_commit_keeps_its_signature_and_its_id(world: World, tmp_path: Path) -> None:
    key = tmp_path / "key"
    made = subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)])
    assert made.returncode == 0
    world.fork.git("checkout", "-q", "-b", "signed")
    world.fork.git("config", "user.signingkey", str(key))
    tip = world.fork.commit("signed", "-S", src__s="s\n")
    assert "gpgsig" in world.fork.git("cat-file", "commit", tip)
    world.push("signed")
    assert world.coreline("import", "signed") == 0
    assert world.published()[0] == tip
    assert world.coreline("publish", "--verify") in (0, 1)
