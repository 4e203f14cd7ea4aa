# SPDX-License-Identifier: Apache-2.0
"""A disk that is really full, of the store or of the target: nothing is half public, and running it
again after making room ends in the same ids.
"""

import errno
import os
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coreline.errors import OutsideError

_PAGE_BYTES = 4096
_FULL = os.strerror(errno.ENOSPC)
_DISK_BYTES = 8 * 1024 * 1024


class Disk:
    """A small disk of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    def leave(self, room_bytes: int) -> None:
        """Fill it but for so many bytes."""
        with self._filler.open("wb") as file, pytest.raises(OSError, match=_FULL):
            self._fill(file.fileno())
        os.truncate(self._filler, max(0, self._filler.stat().st_size - room_bytes))

    def _fill(self, handle: int) -> None:
        while True:
            os.write(handle, bytes(_PAGE_BYTES))

    def make_room(self) -> None:
        """Empty it of what filled it."""
        self._filler.unlink()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """A disk in memory, where this machine lets us mount one."""
    folder = tmp_path / "private.git" / "coreline"
    folder.mkdir(parents=True)
    options = f"size={_DISK_BYTES},mode=700"
    command = ["mount", "-t", "tmpfs", "-o", options, "coreline-test", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True)
    except FileNotFoundError:
        pytest.skip("there is no mount here")
    if done.returncode != 0:
        pytest.skip(f"no disk may be mounted here: {done.stderr.decode().strip()}")
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _history(lab: Any) -> list[Any]:
    chance = random.Random(20260303)
    return [
        (
            lab.files(
                src__a=chance.randbytes(4000).hex(), enterprise__s=f"s {number}", b=str(number)
            ),
            [number - 1] if number else [],
        )
        for number in range(40)
    ]


def _private(lab: Any, folder: Path, history: list[Any]) -> Any:
    """Make the private repository around the folder in which the disk lies already."""
    made = lab.opened(folder)
    made.git("init", "-q", "--bare", "--initial-branch=main")
    lab.extend(made, history)
    return made


@pytest.mark.parametrize("room_bytes", [0, 3 * _PAGE_BYTES, 12 * _PAGE_BYTES, 40 * _PAGE_BYTES])
def test_the_store_s_disk_is_full(lab: Any, disk: Disk, tmp_path: Path, room_bytes: int) -> None:
    history = _history(lab)
    line = lab.line(["**"], wrap=["enterprise/**"])
    calm = lab.repository(tmp_path / "calm.git", history)
    expected = lab.publish(calm, tmp_path / "expected.git", line).public
    private = _private(lab, tmp_path / "private.git", history)
    disk.leave(room_bytes)
    with pytest.raises(OutsideError):
        lab.publish(private, tmp_path / "public.git", line, run_size=3)
    assert not (tmp_path / "public.git").exists()
    disk.make_room()
    assert lab.publish(private, tmp_path / "public.git", line, run_size=3).public == expected
    lab.opened(tmp_path / "public.git").git("fsck", "--full", "--strict")


@pytest.mark.parametrize("is_there", [False, True])
@pytest.mark.parametrize("room_bytes", [0, 6 * _PAGE_BYTES, 20 * _PAGE_BYTES])
def test_the_target_s_disk_is_full(
    lab: Any, disk: Disk, tmp_path: Path, room_bytes: int, is_there: bool
) -> None:
    history = _history(lab)
    line = lab.line(["**"], wrap=["enterprise/**"])
    vendor = lab.repository(tmp_path / "vendor.git", history)
    expected = lab.publish(vendor, tmp_path / "expected.git", line).public
    to = disk.folder / "public.git"
    if is_there:
        lab.repository(to)
    disk.leave(room_bytes)
    with pytest.raises(OutsideError):
        lab.publish(vendor, to, line)
    if is_there:
        assert lab.opened(to).git("for-each-ref") == ""
    else:
        assert [path.name for path in disk.folder.iterdir()] == ["filler"]
    disk.make_room()
    assert lab.publish(vendor, to, line).public == expected
    lab.opened(to).git("fsck", "--full", "--strict")
