# SPDX-License-Identifier: Apache-2.0
"""What is remembered of the head's folders spares work, and hides nothing."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from coreline.errors import InputError
from coreline.manifest.claims import Line
from coreline.publish.head import find_unclaimed
from coreline.publish.ledger import Entry, Ledger
from coreline.publish.plain import PlainTrees
from coreline.publish.private import Private, Reader
from coreline.sources.objects import parse_commit

_TREE = bytes(range(20))


def test_places_and_trees_are_remembered(tmp_path: Path) -> None:
    first = PlainTrees(tmp_path / "plain")
    assert not first.has("a", _TREE)
    first.add([("a", _TREE), ("a/b", _TREE)])
    second = PlainTrees(tmp_path / "plain")
    assert second.has("a", _TREE)
    assert second.has("a/b", _TREE)
    assert not second.has("b", _TREE)
    assert not second.has("a", _TREE[::-1])


def test_a_file_that_was_cut_says_less(tmp_path: Path) -> None:
    path = tmp_path / "plain"
    PlainTrees(path).add([("a", _TREE)])
    path.write_bytes(path.read_bytes()[:-1])
    assert not PlainTrees(path).has("a", _TREE)


class Looking:
    """Looks through heads as publish does, and counts the trees that it reads."""

    def __init__(self, repository: Any, line: Line, path: Path) -> None:
        self.repository = repository
        self.line = line
        self.path = path
        self.read = 0

    def __call__(self) -> list[str]:
        private = Private(self.repository.folder, None)
        self.read = 0
        with private.git.batch() as batch:
            reader = Reader(batch, "private")

            def read(names: Iterable[bytes]) -> Iterator[bytes]:
                wanted = list(names)
                self.read += len(wanted)
                return reader(wanted)

            tree = parse_commit(next(reader([private.tip]))).tree
            return find_unclaimed(tree, self.line, read, PlainTrees(self.path))  # type: ignore[arg-type] # A reader in all but name.


@pytest.fixture
def looking(lab: Any, tmp_path: Path) -> Looking:
    """A head of ten folders, and a line that could find a wrap in each."""
    files = {f"d{number}/e/f": ("100644", f"{number}\n") for number in range(10)}
    repository = lab.repository(tmp_path / "private.git", [(files, [])])
    line = lab.line(["**"], ee=["**/ee/**"])
    return Looking(repository, line, tmp_path / "plain")


def _extend(lab: Any, looking: Looking, **files: str) -> None:
    known = {f"d{number}/e/f": ("100644", f"{number}\n") for number in range(10)}
    lab.extend(looking.repository, [(known, []), ({**known, **lab.files(**files)}, [0])])


def test_one_more_commit_reads_what_it_changed(lab: Any, looking: Looking) -> None:
    assert looking() == []
    # The root, ten folders and their ten; the root once more for files without a side.
    assert looking.read == 22
    _extend(lab, looking, d3__e__g="new\n")
    assert looking() == []
    assert looking.read == 4


def test_what_is_new_in_a_known_folder_is_seen(lab: Any, looking: Looking) -> None:
    looking()
    _extend(lab, looking, d3__EE__g="new\n")
    with pytest.raises(InputError) as refused:
        looking()
    assert refused.value.code == "publish-look-alike"
    # What was refused is not remembered as plain.
    with pytest.raises(InputError):
        looking()


def test_folders_with_more_than_plain_files_are_not_remembered(lab: Any, looking: Looking) -> None:
    _extend(lab, looking, d3__e__ee__g="of the wrap\n", other__f="of the core\n")
    assert looking() == []
    assert looking() == []
    # The root, d3 and d3/e, each by the guard and for files without a side.
    assert looking.read == 6


def test_more_commits_are_published_as_in_one_run(lab: Any, tmp_path: Path) -> None:
    files: list[Any] = []
    for number in range(6):
        tree = lab.files(a__b__c=f"{number}\n", a__x__c="x\n", d__ee__s=f"{number}\n")
        if number % 2:
            tree |= lab.files(a__x__ee__s="s\n")
        files.append((tree, [number - 1] if number else []))
    line = lab.line(["**"], ee=["**/ee/**"])
    whole = lab.repository(tmp_path / "whole.git", files)
    expected = lab.publish(whole, tmp_path / "one.git", line).public
    repository = lab.repository(tmp_path / "private.git")
    for count in range(1, 7):
        lab.extend(repository, files[:count])
        found = lab.publish(repository, tmp_path / "two.git", line).public
    assert found == expected


def test_the_ledger_finds_the_private_commit(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    names = [bytes([number]) * 20 for number in range(1, 60)]
    # Every second one was pruned onto the one before it.
    entries = [
        Entry(name, names[number - number % 2][::-1] + b"", bool(number % 2))
        for number, name in enumerate(names)
    ]
    first = Ledger(path)
    first.add(entries[:40], None)
    first.add(entries[40:], names[-1])
    for ledger in (first, Ledger(path)):
        found = [ledger.private_of(name) for name in names]
        assert found == [name if not at % 2 else None for at, name in enumerate(names)]
        assert ledger.private_of(b"none of these ids 20") is None
