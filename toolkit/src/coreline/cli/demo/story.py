# SPDX-License-Identifier: Apache-2.0
"""The whole story: the acts in order, what happens when one fails, and the cleaning up."""

import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from coreline.cli.demo.acts import build, buy, install, lapse, learn, prove, publish, sell, serve
from coreline.cli.demo.narrators import Told
from coreline.cli.demo.scene import Scene, Step, StepFailed
from coreline.cli.demo.stage import Stage
from coreline.errors import ExitCode

STEPS: tuple[Step, ...] = (
    *prove.STEPS,
    *publish.STEPS,
    *build.STEPS,
    *serve.STEPS,
    *sell.STEPS,
    *install.STEPS,
    *buy.STEPS,
    *lapse.STEPS,
    *learn.STEPS,
)


def play(example: Path, narrator: Told, *, keep: bool) -> ExitCode:
    """Play the story in a temporary folder.

    Args:
        example: the folder of the example product.
        narrator: who tells it.
        keep: leave the folder and the server until the user interrupts.

    Returns:
        KEPT if every step's assertions held, else BROKEN.
    """
    with _termination_interrupts(), _temporary_folder() as folder:
        stage = Stage(folder, example)
        begun = time.monotonic()
        try:
            held = _steps(stage, narrator)
            narrator.end(kept=held, seconds=time.monotonic() - begun)
            if keep and held:
                _stay(stage, narrator)
        finally:
            stage.stop()
    return ExitCode.KEPT if held else ExitCode.BROKEN


def _steps(stage: Stage, narrator: Told) -> bool:
    for number, step in enumerate(STEPS, 1):
        narrator.begin(number, len(STEPS), step)
        scene = Scene(stage, narrator, stage.logs / f"{number:02}-{step.name}.log")
        begun = time.monotonic()
        try:
            sentence = step.act(stage, scene)
        except StepFailed as failure:
            narrator.failed(step, scene, failure, _rescue_logs(stage))
            return False
        narrator.proved(step, scene, stage.shown(sentence), time.monotonic() - begun)
    return True


def _rescue_logs(stage: Stage) -> str:
    """Copy the logs to where they outlive the story's folder."""
    kept = Path(tempfile.mkdtemp(prefix="coreline-demo-logs-"))
    shutil.copytree(stage.logs, kept, dirs_exist_ok=True)
    return str(kept)


def _stay(stage: Stage, narrator: Told) -> None:
    """Leave everything up until the user interrupts; that is a good end."""
    password = stage.folder / "console-password"
    password.touch(mode=0o600)
    password.write_text(stage.facts["password"] + "\n", "utf-8")
    narrator.stays(f"{stage.facts['server']}/console", str(password))
    try:
        while all(process.poll() is None for process in stage.processes):
            time.sleep(0.2)
    except KeyboardInterrupt:
        return


@contextmanager
def _temporary_folder() -> Iterator[Path]:
    # Resolved, because on some systems the temporary folder is behind a link, and what programs
    # print would then not begin with the path that we know.
    folder = Path(tempfile.mkdtemp(prefix="coreline-demo-")).resolve()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _termination_interrupts() -> Iterator[None]:
    """Clean up after SIGTERM (a CI job's timeout) as after Ctrl-C."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
