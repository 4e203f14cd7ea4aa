# SPDX-License-Identifier: Apache-2.0
"""The whole way of a contribution, as the vendor and a stranger each see it."""

import json
from pathlib import Path
from typing import Any

import pytest

# What the fixtures of the conftest make: its types cannot be imported.
Worlds = Any

_DCO = '[contributions]\nsign_off = "dco"\n'


def test_a_strangers_branch_goes_in_and_out_and_is_shown_as_merged(
    worlds: Worlds, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = worlds.made(tmp_path, worlds.manifest + _DCO)
    fork = world.fork
    fork.git("checkout", "-q", "-b", "feature")
    first = fork.commit("Say b louder", "--signoff", src__a_py="a\nB\nc\nd\ne\nf\n")
    fork.git("checkout", "-q", "-b", "side", "origin/main")
    second = fork.commit("Tell of it", "--signoff", docs__b_md="b\n")
    fork.git("checkout", "-q", "feature")
    fork.git("merge", "-q", "--no-ff", "--signoff", "-m", "Merge side", "side")
    tip = fork.git("rev-parse", "HEAD")
    # The vendor goes on meanwhile, on both sides of the line; the forge keeps a pull request.
    world.private.commit("ours", src__ours="o\n", ee__x="x2\n")
    ours = world.published()[0]
    fork.git("push", "-q", "origin", "feature:refs/pull/1/head")

    capsys.readouterr()
    assert world.coreline("status", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["waiting"] == ["refs/pull/1/head"]
    assert world.coreline("import", "refs/pull/1/head", "--format", "json") == 0
    brought = json.loads(capsys.readouterr().out)
    assert {one["public"] for one in brought["commits"]} == {first, second, tip}
    assert (world.private.folder / "ee/x").read_text() == "x2\n"
    assert (world.private.folder / "src/a.py").read_text() == "a\nB\nc\nd\ne\nf\n"

    ids = world.published()
    assert {first, second, tip, ours} <= set(ids)
    # This is what a forge asks before it says that a pull request was merged.
    world.public.git("merge-base", "--is-ancestor", "refs/pull/1/head", "main")
    for name in (first, second):
        who = world.public.git("show", "-s", "--format=%an <%ae>", name)
        assert who == "Out <o@out.example>"

    capsys.readouterr()
    assert world.coreline("status", "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["in_step"], found["waiting"], found["unpublished"]) == (True, [], 0)
    assert world.coreline("import", "refs/pull/1/head") == 4
    assert world.coreline("publish") == 4

    # The contribution's own branch may stay: what is in it is proven like all that is public.
    world.public.git("branch", "feature", "refs/pull/1/head")
    capsys.readouterr()
    assert world.coreline("publish", "--verify", "--format", "json") == 0
    assert "feature" in json.loads(capsys.readouterr().out)["notes"][0]


def test_a_merge_that_is_not_signed_off_stops_it(
    worlds: Worlds, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = worlds.made(tmp_path, worlds.manifest + _DCO)
    fork = world.fork
    fork.git("checkout", "-q", "-b", "side")
    fork.commit("theirs", "--signoff", src__c="c\n")
    fork.git("checkout", "-q", "-b", "feature", "origin/main")
    fork.commit("mine", "--signoff", src__b="b\n")
    fork.git("merge", "-q", "--no-ff", "-m", "Merge side", "side")
    world.push("feature")
    assert world.coreline("import", "feature") == 2
    shown = capsys.readouterr().err
    assert "Merge side: Signed-off-by: Out <o@out.example>" in shown
    assert "theirs: " not in shown
