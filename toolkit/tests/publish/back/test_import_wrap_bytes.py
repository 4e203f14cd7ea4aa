# SPDX-License-Identifier: Apache-2.0
"""Bytes of the wrap that come back from outside never pass silently, in whatever form they come.

Each contribution is pushed to the public repository first, as a forge has it: publish alone would
take its contents for public already.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

# What the fixtures of the conftest make: its types cannot be imported.
World = Any
Worlds = Any

SECRET = "of the wrap, for customers alone: they pay for what is written here, line by line\n"


@pytest.fixture
def leaked(worlds: Worlds, tmp_path: Path) -> World:
    """A vendor whose wrap an outsider got hold of."""
    manifest = worlds.manifest.replace('"docs/**"', '"docs/**", "**"')
    manifest = manifest.replace('"ee/**"', '"ee/**", "secret"')
    return worlds.made(
        tmp_path, manifest, src__a_py="a\n", README_md="r\n", ee__x=SECRET, secret="s\n"
    )


def _at_a_core_path(world: World) -> None:
    world.fork.commit("x", src__x=SECRET)


def _under_another_name_beside_others(world: World) -> None:
    world.fork.commit("y", docs__y_md=SECRET, src__b="b\n")


def _in_a_commit_that_the_next_one_reverts(world: World) -> None:
    world.fork.commit("x", src__x=SECRET)
    world.fork.git("rm", "-q", "src/x")
    world.fork.commit("gone")


def _in_the_resolution_of_a_merge(world: World) -> None:
    fork = world.fork
    fork.commit("ours", src__b="b\n")
    fork.git("checkout", "-q", "-b", "side", "origin/main")
    fork.commit("theirs", src__c="c\n")
    fork.git("checkout", "-q", "feature")
    fork.git("merge", "-q", "--no-commit", "side")
    fork.commit("merged", src__d=SECRET)


def _on_the_side_branch_of_a_merge(world: World) -> None:
    fork = world.fork
    fork.git("checkout", "-q", "-b", "side")
    fork.commit("theirs", src__c=SECRET)
    fork.git("checkout", "-q", "feature")
    fork.commit("ours", src__b="b\n")
    fork.git("merge", "-q", "-s", "ours", "side")


def _with_another_mode(world: World) -> None:
    world.fork.write(src__run=SECRET)
    (world.fork.folder / "src/run").chmod(0o755)
    world.fork.commit("run")


def _as_the_text_of_a_symlink(world: World) -> None:
    blob = world.fork.git("hash-object", "-w", str(world.private.folder / "ee/x"))
    world.fork.git("update-index", "--add", "--cacheinfo", f"120000,{blob},src/link")
    world.fork.git("commit", "-q", "-m", "link")


def _in_place_of_a_file(world: World) -> None:
    world.fork.commit("a", src__a_py=SECRET)


def _link_into_the_wrap(world: World) -> None:
    (world.fork.folder / "src/link").symlink_to("../ee/x")
    world.fork.commit("link")


def _link_by_way_of_a_link(world: World) -> None:
    (world.fork.folder / "src/up").symlink_to("..")
    (world.fork.folder / "src/link").symlink_to("up/ee")
    world.fork.commit("links")


def _plain_file_becomes_a_link(world: World) -> None:
    (world.fork.folder / "src/a.py").unlink()
    (world.fork.folder / "src/a.py").symlink_to("../ee/x")
    world.fork.commit("mode change")


def _submodule(world: World, path: str, commit: str) -> None:
    world.fork.git("update-index", "--add", "--cacheinfo", f"160000,{commit},{path}")
    world.fork.git("commit", "-q", "-m", "submodule")


def _submodule_at_a_wrap_path(world: World) -> None:
    _submodule(world, "ee", "1" * 40)


def _submodule_in_the_wrap(world: World) -> None:
    _submodule(world, "ee/sub", "1" * 40)


def _submodule_of_a_private_commit(world: World) -> None:
    _submodule(world, "vendored/us", world.private.git("rev-parse", "HEAD"))


def _submodule_told_of_in_modules(world: World) -> None:
    (world.fork.folder / ".gitmodules").write_text(
        '[submodule "e"]\n\tpath = ee\n\turl = https://git.example/e\n'
    )
    world.fork.commit("modules")


def _wrap_path(world: World) -> None:
    world.fork.commit("mine", ee__mine="m\n")


def _wrap_path_again_deleted(world: World) -> None:
    world.fork.commit("mine", ee__mine="m\n")
    world.fork.git("rm", "-q", "ee/mine")
    world.fork.commit("gone")


def _wrap_path_in_a_merge(world: World) -> None:
    fork = world.fork
    fork.git("checkout", "-q", "-b", "side")
    fork.commit("theirs", src__c="c\n")
    fork.git("checkout", "-q", "feature")
    fork.commit("ours", src__b="b\n")
    fork.git("merge", "-q", "--no-commit", "side")
    fork.commit("merged", ee__mine="m\n")


def _moved_into_the_wrap(world: World) -> None:
    (world.fork.folder / "ee").mkdir()
    world.fork.git("mv", "src/a.py", "ee/a.py")
    world.fork.commit("moved")


def _file_in_place_of_its_folder(world: World) -> None:
    world.fork.commit("mine", ee="m\n")


def _folder_in_place_of_its_file(world: World) -> None:
    world.fork.commit("mine", secret__x="m\n")


def _look_alike_of_the_wrap(world: World) -> None:
    world.fork.commit("alike", EE__x_txt="mine\n")


WAYS: list[tuple[Callable[[World], None], str]] = [
    (_at_a_core_path, "import-wrap-content"),
    (_under_another_name_beside_others, "import-wrap-content"),
    (_in_a_commit_that_the_next_one_reverts, "import-wrap-content"),
    (_in_the_resolution_of_a_merge, "import-wrap-content"),
    (_on_the_side_branch_of_a_merge, "import-wrap-content"),
    (_with_another_mode, "import-wrap-content"),
    (_as_the_text_of_a_symlink, "import-wrap-content"),
    (_in_place_of_a_file, "import-wrap-content"),
    (_link_into_the_wrap, "publish-link-into-wrap"),
    (_link_by_way_of_a_link, "publish-link-into-wrap"),
    (_plain_file_becomes_a_link, "publish-link-into-wrap"),
    (_submodule_at_a_wrap_path, "import-not-core"),
    (_submodule_in_the_wrap, "import-not-core"),
    (_submodule_of_a_private_commit, "publish-submodule-private"),
    (_submodule_told_of_in_modules, "publish-submodule-private"),
    (_wrap_path, "import-not-core"),
    (_wrap_path_again_deleted, "import-not-core"),
    (_wrap_path_in_a_merge, "import-not-core"),
    (_moved_into_the_wrap, "import-not-core"),
    (_file_in_place_of_its_folder, "import-not-core"),
    (_folder_in_place_of_its_file, "import-not-core"),
    (_look_alike_of_the_wrap, "publish-look-alike"),
]


@pytest.mark.parametrize(("way", "code"), WAYS, ids=[way.__name__[1:] for way, _ in WAYS])
def test_it_is_refused_and_nothing_is_brought_in(
    leaked: World, capsys: pytest.CaptureFixture[str], way: Callable[[World], None], code: str
) -> None:
    before = leaked.private.git("for-each-ref")
    leaked.fork.git("checkout", "-q", "-b", "feature")
    way(leaked)
    leaked.push("feature")
    capsys.readouterr()
    for options in ([], ["--no-merge"], ["--allow-line"]):
        assert leaked.coreline("import", "feature", *options) == 2
        assert f"[{code}]" in capsys.readouterr().err
    assert leaked.private.git("for-each-ref") == before
    assert leaked.private.git("status", "--porcelain") == ""


def test_what_the_manifest_decides_to_be_public_comes_in(worlds: Worlds, tmp_path: Path) -> None:
    decided = '[publish]\nshared = [{ path = "src/x", reason = "theirs to begin with" }]\n'
    world = worlds.made(tmp_path, worlds.manifest + decided, src__a="a\n", ee__x=SECRET)
    world.fork.git("checkout", "-q", "-b", "feature")
    tip = world.fork.commit("x", src__x=SECRET)
    world.push("feature")
    assert world.coreline("import", "feature") == 0
    assert world.published()[0] == tip


def test_a_patch_with_it_comes_as_far_as_the_next_publish(
    leaked: World, capsys: pytest.CaptureFixture[str]
) -> None:
    leaked.fork.commit("x", src__x=SECRET)
    mailbox = leaked.fork.folder.parent / "p.mbox"
    mailbox.write_text(leaked.fork.git("format-patch", "-1", "--stdout") + "\n")
    before = leaked.public.git("for-each-ref")
    assert leaked.coreline("import", str(mailbox)) == 0
    assert leaked.coreline("publish") == 2
    assert "src/x (in a wrap: ee/x)" in capsys.readouterr().err
    assert leaked.public.git("for-each-ref") == before


def test_bytes_that_left_the_wrap_long_ago_are_known_too(
    leaked: World, capsys: pytest.CaptureFixture[str]
) -> None:
    leaked.private.commit("rewritten", ee__x="another text\n")
    leaked.fork.git("checkout", "-q", "-b", "feature")
    leaked.fork.commit("x", src__x=SECRET)
    leaked.push("feature")
    assert leaked.coreline("import", "feature") == 2
    assert "src/x (in a wrap: ee/x)" in capsys.readouterr().err
