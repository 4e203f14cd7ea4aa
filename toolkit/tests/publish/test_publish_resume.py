# SPDX-License-Identifier: Apache-2.0
"""A killed publish goes on and ends with the same ids; a torn file is noticed."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from coreline.publish.ledger import Entry, Ledger
from coreline.publish.recipe.lines import claims_digest

_RUN = """
import sys
from datetime import datetime, UTC
from pathlib import Path
from coreline.manifest.claims import Line
from coreline.publish.recipe.recipe import Recipe
from coreline.manifest.model import Core, Manifest, Product, Wrap
from coreline.publish.leaving.policy import policy_for
from coreline.publish.publish import publish
held = {"wrap": Wrap(spdx="LicenseRef-Demo", paths=["enterprise/**"])}
core = Core(spdx="Apache-2.0", paths=["**"])
product = Product(name="demo", primary="Demonstrate")
manifest = Manifest(product=product, core=core, wraps=held)
line = Line(manifest)
policy = policy_for(manifest, line, secrets=False)
recipe = Recipe.today(line)
print("ready", flush=True)
publish(Path(sys.argv[1]), sys.argv[2], recipe, now=datetime.now(UTC), policy=policy, run_size=3)
"""


def _long_history(lab: Any) -> list[Any]:
    return [
        (
            lab.files(src__a=f"a {number // 2}", enterprise__s=f"s {number}", b=str(number % 7)),
            [number - 1] if number else [],
        )
        for number in range(240)
    ]


def test_kills_at_any_moment_leave_the_same_ids(lab: Any, tmp_path: Path) -> None:
    history = _long_history(lab)
    line = lab.line(["**"], wrap=["enterprise/**"])
    expected = lab.publish(lab.repository(tmp_path / "calm.git", history), tmp_path / "c.git", line)
    private = lab.repository(tmp_path / "private.git", history)
    public = tmp_path / "public.git"
    chance = random.Random(20260301)
    interrupted = 0
    for _ in range(8):
        process = subprocess.Popen(
            [sys.executable, "-c", _RUN, str(private.folder), str(public)],
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        assert process.stdout is not None
        with process.stdout:
            assert process.stdout.readline() == b"ready\n"
            time.sleep(chance.uniform(0.0, 0.25))
            # The whole group, git's processes too, as a machine that loses power would.
            os.killpg(process.pid, signal.SIGKILL)
            interrupted += process.wait() != 0
        assert not public.exists() or (public / "HEAD").exists()
    assert interrupted >= 2
    if not public.exists():
        assert lab.publish(private, public, line).public == expected.public
    look = lab.repository(tmp_path / "look.git")
    look.folder = public
    assert look.git("rev-parse", "main") == expected.public.hex()
    look.git("fsck", "--full", "--strict")


@pytest.mark.parametrize("lost", [1, 20, 33, 500])
def test_a_torn_ledger_is_cut_back_and_done_again(lab: Any, tmp_path: Path, lost: int) -> None:
    history = _long_history(lab)[:40]
    line = lab.line(["**"], wrap=["enterprise/**"])
    private = lab.repository(tmp_path / "private.git", history)
    first = lab.publish(private, tmp_path / "one.git", line, run_size=4)
    path = private.folder / "coreline" / "publish" / f"ledger-{claims_digest(line)}"
    data = path.read_bytes()
    path.write_bytes(data[:-lost])
    assert len(Ledger(path)) < 40
    again = lab.publish(private, tmp_path / "two.git", line, run_size=4)
    assert again.public == first.public
    assert again.commits == 40 - 4 * ((40 - again.commits) // 4)
    assert len(Ledger(path)) == 40


def test_a_changed_byte_in_the_ledger_is_noticed(lab: Any, tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    ledger = Ledger(path)
    runs = [[Entry(bytes([n]) * 20, b"p" * 20, pruned=False)] for n in range(1, 4)]
    for run in runs:
        ledger.add(run, run[0].private)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    kept = Ledger(path)
    assert list(kept) == runs[0]
    kept.add(runs[2], None)
    assert list(Ledger(path)) == runs[0] + runs[2]


def test_a_lost_store_is_made_again(lab: Any, tmp_path: Path) -> None:
    history = _long_history(lab)[:60]
    line = lab.line(["**"], wrap=["enterprise/**"])
    private = lab.repository(tmp_path / "private.git", history)
    first = lab.publish(private, tmp_path / "one.git", line)
    objects = private.folder / "coreline" / "publish" / "public.git" / "objects" / "pack"
    for file in objects.iterdir():
        file.chmod(0o644)
        file.unlink()
    assert lab.publish(private, tmp_path / "two.git", line).public == first.public
