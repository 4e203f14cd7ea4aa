# SPDX-License-Identifier: Apache-2.0
"""A step shows its commands and asserts; three narrators tell it."""

import json
import re
import sys
from pathlib import Path

import pytest

from coreline.cli.demo.narrators import Colored, Json, Plain, Told, prompted
from coreline.cli.demo.scene import Scene, Step, StepFailed
from coreline.cli.demo.stage import Stage

STEP = Step("try", "Try it", lambda stage, scene: "it works")


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """Return a scene with a plain narrator."""
    stage = Stage(tmp_path / "story", tmp_path)
    return Scene(stage, Plain(), stage.logs / "01-try.log")


def test_a_command_is_shown_and_logged(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    scene.stage.hide("hunter2", "PASSWORD")
    ran = scene.run(sys.executable, "-c", "print('hunter2')", shown="tell hunter2")
    scene.show(ran.out)
    assert capsys.readouterr().out == "  $ tell PASSWORD\n    PASSWORD\n"
    assert scene.commands == ["tell PASSWORD"]
    assert scene.log.read_text() == "$ tell PASSWORD\nPASSWORD\n(exit 0)\n"


def test_another_exit_code_fails_the_step(scene: Scene) -> None:
    with pytest.raises(StepFailed) as caught:
        scene.run(sys.executable, "-c", "import sys; sys.exit('no room')", shown="x", expect=0)
    assert caught.value.expected == "x to end with 0"
    assert caught.value.got == "1: no room"


def test_any_exit_code_and_nothing_shown(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    words = (sys.executable, "-c", "import sys; print(sys.stdin.read()); sys.exit(3)")
    ran = scene.run(*words, expect=None, aside=True, stdin="heard")
    assert (ran.code, ran.out) == (3, "heard\n")
    assert capsys.readouterr().out == ""
    assert scene.commands == []


def test_long_output_is_cut_and_chosen(scene: Scene) -> None:
    scene.show("a1\nb1\na2\n\na3\n", only="^a", limit=2)
    assert scene.lines == ["a1", "a2", "… 1 more lines"]


def test_words_that_are_missing_are_named(scene: Scene) -> None:
    scene.expect_words("one two", ["one", "two"])
    with pytest.raises(StepFailed, match=re.escape("the words ['three']")):
        scene.expect_words("one two", ["one", "three"])


@pytest.mark.parametrize("narrator", [Plain(), Colored()])
def test_text_says_number_title_command_line_and_proof(
    narrator: Told, scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    narrator.begin(1, 2, STEP)
    narrator.command("git [log]")
    narrator.line("a [bold] line")
    narrator.proved(STEP, scene, "it works", 0.5)
    narrator.failed(STEP, scene, StepFailed("this", "that"), "/logs")
    narrator.end(kept=True, seconds=1.0)
    narrator.stays("http://x/console", "/pw")
    said = capsys.readouterr().out
    for part in (
        "[1/2] Try it",
        "$ git [log]",
        "a [bold] line",
        "proved: it works (0.5 s)",
        "expected this",
        "that",
        "/logs",
        "Every step held.",
        "http://x/console",
    ):
        assert part in said


def test_json_is_one_object(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    narrator = Json()
    narrator.begin(1, 2, STEP)
    scene.commands.append("git log")
    narrator.proved(STEP, scene, "it works", 0.5)
    narrator.failed(STEP, scene, StepFailed("this", "that"), "/logs")
    narrator.end(kept=False, seconds=1.0)
    printed = capsys.readouterr()
    body = json.loads(printed.out)
    assert body["kept"] is False
    assert body["steps"][0]["proved"] == "it works"
    assert body["steps"][1]["failed"] == {"expected": "this", "got": "that", "logs": "/logs"}
    assert "[1/2] Try it" in printed.err


def test_requests_have_an_arrow() -> None:
    assert prompted("GET /x") == "→ GET /x"
    assert prompted("git log") == "$ git log"
