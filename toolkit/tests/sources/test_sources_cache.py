# SPDX-License-Identifier: Apache-2.0
"""The cache keeps what it is given, forgets what is damaged, and never stands in the way."""

from pathlib import Path

import pytest

from coreline.sources import cache as module
from coreline.sources.cache import FactCache, git_directory, open_cache


def kept(folder: Path, version: bytes, facts: dict[str, bytes]) -> Path:
    cache = FactCache(folder).opened(version)
    for key, value in facts.items():
        cache.put(key, value)
    cache.save()
    return max(folder.glob("facts-*"), key=lambda file: file.stat().st_mtime_ns)


def test_facts_are_kept_for_their_version_alone(tmp_path: Path) -> None:
    kept(tmp_path / "coreline", b"1", {"a": b"\x80", "b": b""})
    again = FactCache(tmp_path / "coreline").opened(b"1")
    assert (again.get("a"), again.get("b"), again.get("c")) == (b"\x80", b"", None)
    assert FactCache(tmp_path / "coreline").opened(b"2").get("a") is None


@pytest.mark.parametrize("cut", [0, 1, 10, 20, -1])
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, cut: int) -> None:
    file = kept(tmp_path, b"1", {"a": b"1" * 50})
    whole = file.read_bytes()
    file.write_bytes(whole[:cut])
    assert FactCache(tmp_path).opened(b"1").get("a") is None
    flipped = bytearray(whole)
    flipped[-5] ^= 1
    file.write_bytes(flipped)
    assert FactCache(tmp_path).opened(b"1").get("a") is None


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = FactCache(tmp_path / "file" / "coreline").opened(b"1")
    cache.put("a", b"1")
    cache.save()
    assert cache.get("a") == b"1"


def test_nothing_is_written_where_nothing_is_new(tmp_path: Path) -> None:
    cache = FactCache(tmp_path / "coreline").opened(b"1")
    assert cache.get("a") is None
    cache.save()
    assert not (tmp_path / "coreline").exists()


def test_old_versions_are_dropped(tmp_path: Path) -> None:
    for number in range(module.FILES_MAX + 3):
        kept(tmp_path, b"%d" % number, {"a": b"1"})
    assert len(list(tmp_path.iterdir())) == module.FILES_MAX


def test_a_cache_does_not_grow_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ENTRIES_MAX", 10)
    kept(tmp_path, b"1", {f"{number}": b"" for number in range(11)})
    again = FactCache(tmp_path).opened(b"1")
    assert (again.get("10"), again.get("0")) == (b"", None)


def test_where_the_cache_lies(tmp_path: Path) -> None:
    assert open_cache(tmp_path) is None
    (tmp_path / ".git").mkdir()
    assert git_directory(tmp_path) == tmp_path / ".git"
    linked = tmp_path / "linked"
    linked.mkdir()
    (linked / ".git").write_text("gitdir: ../.git\n")
    found = git_directory(linked)
    assert found is not None
    assert found.resolve() == (tmp_path / ".git").resolve()
    (linked / ".git").write_text("something else")
    assert git_directory(linked) is None
    (linked / ".git").write_text("gitdir: /nowhere/at/all\n")
    assert git_directory(linked) is None
