# SPDX-License-Identifier: Apache-2.0
"""``coreline check PATH…`` and ``--watch``, for editors and for a terminal that stays open."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Queue

import pytest

from coreline.cli.main import run

MANIFEST = """
[product]
name = "acme"
primary = "Keep notes"
[core]
spdx = "Apache-2.0"
paths = ["src/**"]
[wraps.ee]
spdx = "LicenseRef-Acme"
paths = ["ee/**"]
modules = ["acme_ee"]
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "src/a").mkdir(parents=True)
    (tmp_path / "src/ab").mkdir()
    (tmp_path / "coreline.toml").write_text(MANIFEST)
    (tmp_path / "src/a/one.py").write_text("import acme_ee\n")
    (tmp_path / "src/ab/two.py").write_text("import os\n")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    return tmp_path


def checked(
    folder: Path, capsys: pytest.CaptureFixture[str], *paths: str
) -> tuple[int, list[str], int]:
    code = run(["-C", str(folder), "check", "--format", "json", *paths])
    report = json.loads(capsys.readouterr().out)
    return code, [one["path"] for one in report["findings"]], report["coverage"]["analyzed"]


def test_only_the_named_paths_are_reported_and_decide(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert checked(repository, capsys, "src/a/one.py") == (1, ["src/a/one.py"], 1)
    # A folder is no prefix of a name: src/a is not src/ab.
    assert checked(repository, capsys, "src/a") == (1, ["src/a/one.py"], 1)
    assert checked(repository, capsys, "src/ab") == (0, [], 1)
    assert checked(repository, capsys, "src/ab", "src/a/") == (1, ["src/a/one.py"], 2)
    assert checked(repository, capsys, ".") == (1, ["src/a/one.py"], 3)


def test_paths_begin_where_the_user_is(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert checked(repository / "src/ab", capsys, "two.py")[0] == 0
    assert checked(repository / "src/ab", capsys, "../a/one.py")[0] == 1
    absolute = str((repository / "src/a/one.py").absolute())
    assert checked(repository / "src/ab", capsys, absolute)[0] == 1


def test_a_path_that_does_not_exist_is_a_mistake_and_names_itself(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["-C", str(repository), "check", "src/a/on.py"]) == 2
    assert "src/a/on.py does not exist" in capsys.readouterr().err


class Watched:
    """A running ``check --watch``, line by line, without waiting longer than for what it says."""

    def __init__(self, folder: Path) -> None:
        program = "from coreline.cli.main import main; main()"
        self.process = subprocess.Popen(
            [sys.executable, "-c", program, "-C", str(folder), "check", "--watch"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        self._lines: Queue[str] = Queue()
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)

    def until(self, text: str) -> None:
        """Wait for a line that holds a text."""
        while text not in self._lines.get(timeout=60):
            pass

    def end(self) -> int:
        """Interrupt it, as Ctrl-C does."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=60)

    def close(self) -> None:
        """End it in any case, and leave nothing open."""
        self.process.kill()
        self.process.wait()
        self._listener.join()
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def watched(repository: Path) -> Iterator[Watched]:
    started = Watched(repository)
    yield started
    started.close()


def test_watch_checks_again_after_a_change_and_says_what_came_of_it(
    repository: Path, watched: Watched
) -> None:
    watched.until("broken promise")
    (repository / "src/a/one.py").write_text("import os\n")
    watched.until("kept: loose")
    watched.until("0 new, 1 mended.")
    manifest = repository / "coreline.toml"
    manifest.write_text("[product\n")
    watched.until("error: ")
    manifest.write_text(MANIFEST)
    watched.until("kept: loose")
    assert watched.end() == 130


def test_a_page_shows_the_line_through_time(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["-C", str(repository), "check", "--format", "html"])
    page = capsys.readouterr().out
    assert "<svg" not in page
    assert "No drift chart: " in page
    who = ["-c", "user.name=T", "-c", "user.email=t@example.com"]
    subprocess.run(["git", "add", "-A"], cwd=repository, check=True)
    subprocess.run(["git", *who, "commit", "-qm", "one"], cwd=repository, check=True)
    run(["-C", str(repository), "check", "--format", "html"])
    assert "The line through time" in capsys.readouterr().out
