# SPDX-License-Identifier: Apache-2.0
"""A publish under a whole recipe that is killed, runs out of room, or loses its remote: running it
again ends in the same ids, and nothing is half public meanwhile.
"""

import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coreline.errors import CorelineError
from coreline.manifest.parse import parse_manifest
from coreline.publish.leaving.policy import policy_of
from coreline.publish.publish import publish
from coreline.publish.recipe.recipe import Recipe, recipe_of

_MANIFEST = r"""
[product]
name = "demo"
primary = "Demonstrate"
vendor = ["example.com"]
[core]
spdx = "MIT"
paths = ["**"]
[wraps.wrap]
spdx = "LicenseRef-Demo"
paths = ["enterprise/**"]
[publish]
line = "own"
paths = [{ private = "src/**", public = "lib" }]
messages = [{ match = '(\d)\d*', replace = 'change \1' }]
commit_ids = true
bot = "Bot <bot@example.com>"
regions = true
"""
_RUN = """
import sys
from datetime import datetime, UTC
from pathlib import Path
from coreline.errors import CorelineError
from coreline.manifest.parse import parse_manifest
from coreline.publish.leaving.policy import policy_of
from coreline.publish.publish import publish
from coreline.publish.recipe.recipe import recipe_of
parsed = parse_manifest(sys.argv[3])
recipe = recipe_of(parsed, Path(sys.argv[1]))
policy = policy_of(parsed, secrets=False)
print("ready", flush=True)
try:
    now = datetime.now(UTC)
    publish(Path(sys.argv[1]), sys.argv[2], recipe, now=now, policy=policy, run_size=3)
except CorelineError as error:
    print(error.code)
    sys.exit(int(error.exit_code))
"""


def _history(lab: Any, count: int) -> list[Any]:
    region = "x\n# coreline:wrap-begin\nsecret {0}\n# coreline:wrap-end\ny {1}\n"
    return [
        (
            lab.files(
                src__a=region.format(number, number // 2),
                enterprise__s=f"s {number}",
                b=str(number % 7),
            ),
            [number - 1] if number else [],
        )
        for number in range(count)
    ]


def _recipe(private: Any) -> Recipe:
    return recipe_of(parse_manifest(_MANIFEST), private.folder)


def _publish(lab: Any, private: Any, to: Path | str) -> Any:
    policy = policy_of(parse_manifest(_MANIFEST), secrets=False)
    recipe = _recipe(private)
    return publish(private.folder, str(to), recipe, now=lab.now, policy=policy, run_size=3)


def _expected(lab: Any, folder: Path, history: list[Any]) -> str:
    calm = lab.repository(folder / "calm.git", history)
    return str(_publish(lab, calm, folder / "calm-public.git").public.hex())


def _started(private: Any, to: Path, limit: Callable[[], None] | None = None) -> Any:
    return subprocess.Popen(
        [sys.executable, "-c", _RUN, str(private.folder), str(to), _MANIFEST],
        stdout=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=limit,  # noqa: PLW1509 - sets a limit of the kernel's and nothing else.
    )


def test_kills_under_a_whole_recipe_leave_the_same_ids(lab: Any, tmp_path: Path) -> None:
    history = _history(lab, 120)
    expected = _expected(lab, tmp_path, history)
    private = lab.repository(tmp_path / "private.git", history)
    public = tmp_path / "public.git"
    chance = random.Random(20260302)
    for _ in range(5):
        process = _started(private, public)
        with process.stdout:
            assert process.stdout.readline() == b"ready\n"
            time.sleep(chance.uniform(0.0, 0.3))
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        assert not public.exists() or (public / "HEAD").exists()
    if not public.exists():
        _publish(lab, private, public)
    look = lab.opened(public)
    assert look.git("rev-parse", "main") == expected
    look.git("fsck", "--full", "--strict")
    assert "secret" not in look.git("log", "-p", "main")
    assert not list(tmp_path.glob(".public.git.coreline-*"))


@pytest.mark.parametrize("prepared", [False, True])
@pytest.mark.parametrize("room_bytes", [200, 3000, 12000])
def test_no_more_room_is_no_bug_and_going_on_ends_in_the_same_ids(
    lab: Any, tmp_path: Path, room_bytes: int, prepared: bool
) -> None:
    history = _history(lab, 60)
    expected = _expected(lab, tmp_path, history)
    private = lab.repository(tmp_path / "private.git", history)
    public = lab.repository(tmp_path / "public.git") if prepared else None
    to = tmp_path / "public.git"

    def limit() -> None:
        # The kernel's own refusal, of Python and of git alike: no file may grow beyond it.
        resource.setrlimit(resource.RLIMIT_FSIZE, (room_bytes, room_bytes))

    process = _started(private, to, limit)
    said = process.communicate()[0].decode().split()
    assert process.returncode == 3, said
    assert not to.exists() if public is None else not public.git("for-each-ref")
    _publish(lab, private, to)
    assert lab.opened(to).git("rev-parse", "main") == expected


@pytest.mark.parametrize("bytes_max", [0, 150, 1500])
def test_a_remote_that_goes_away_has_nothing_or_all(
    lab: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bytes_max: int
) -> None:
    ssh = tmp_path / "ssh"
    cut = f'case "$*" in *receive-pack*) head -c {bytes_max} | sh -c "$*"; kill -9 $$;; esac'
    ssh.write_text(f'#!/bin/sh\nshift\n[ -e {tmp_path}/well ] || {cut}\nexec sh -c "$*"\n')
    ssh.chmod(0o755)
    monkeypatch.setenv("GIT_SSH_COMMAND", str(ssh))
    monkeypatch.setenv("GIT_SSH_VARIANT", "simple")
    history = _history(lab, 40)
    expected = _expected(lab, tmp_path, history)
    private = lab.repository(tmp_path / "private.git", history)
    public = lab.repository(tmp_path / "public.git")
    address = f"far.example:{public.folder}"
    with pytest.raises(CorelineError) as refused:
        _publish(lab, private, address)
    assert refused.value.code == "publish-push-refused"
    assert not public.git("for-each-ref")
    (tmp_path / "well").touch()
    _publish(lab, private, address)
    assert public.git("rev-parse", "main") == expected
    public.git("fsck", "--full", "--strict")
