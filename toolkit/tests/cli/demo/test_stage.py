# SPDX-License-Identifier: Apache-2.0
"""The stage keeps secrets and the user's settings to itself, and ends what it started."""

import subprocess
import sys
from pathlib import Path

import pytest

from coreline.cli.demo.stage import Stage, environment, own_program
from coreline.errors import InputError


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """Return a stage in an environment with settings of a user's."""
    monkeypatch.setenv("PIP_INDEX_URL", "https://user:secret@index.example/simple")
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://index.example/simple")
    monkeypatch.setenv("UV_CACHE_DIR", "/cache")
    return Stage(tmp_path / "story", tmp_path)


def test_secrets_and_the_folder_are_not_shown(stage: Stage) -> None:
    stage.hide("hunter2", "PASSWORD")
    text = f"{stage.folder}/wheels/x hunter2 in {stage.folder}"
    assert stage.shown(text) == "wheels/x PASSWORD in ."


def test_the_users_index_is_kept_except_for_the_registry(stage: Stage) -> None:
    assert stage.env["PIP_INDEX_URL"].startswith("https://user")
    registry = stage.registry_env()
    assert "PIP_INDEX_URL" not in registry
    assert "UV_DEFAULT_INDEX" not in registry
    assert registry["UV_CACHE_DIR"] == "/cache"


def test_what_would_change_the_story_is_left_out() -> None:
    foreign = {
        "PYTHONPATH": "x",
        "GIT_DIR": "x",
        "CORELINE_LICENSE": "x",
        "CONVERGE_TELEMETRY": "x",
        "VIRTUAL_ENV": "x",
    }
    env = environment({**foreign, "PATH": "/bin", "PIP_CERT": "/c"})
    assert not set(foreign) & set(env)
    assert env["PATH"] == "/bin"
    assert env["PIP_CERT"] == "/c"
    assert "127.0.0.1" in env["NO_PROXY"]


def test_processes_end_with_the_story(stage: Stage) -> None:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    stage.processes.append(process)
    stage.stop()
    assert process.returncode != 0
    assert stage.processes == []


def test_a_program_that_is_not_there(stage: Stage) -> None:
    assert Path(own_program("python")).exists()
    with pytest.raises(InputError) as caught:
        own_program("no-such-program")
    assert caught.value.code == "program-not-found"
