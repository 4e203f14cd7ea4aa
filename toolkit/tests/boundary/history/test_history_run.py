# SPDX-License-Identifier: Apache-2.0
"""The history of real repositories: what is kept, what is new, what is missing."""

import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import pytest

from coreline.boundary.history import run as running
from coreline.boundary.history.timeline import History
from coreline.boundary.history.walk import State, judge_commits
from coreline.errors import InputError

BROKEN = {"src/app.py": "import acme_enterprise\n"}
WHOLE = {"src/app.py": "import os\n"}
WRAP = {"enterprise/acme_enterprise/__init__.py": "SEATS = 3\n"}


class Repository(Protocol):
    folder: Path

    def git(self, *arguments: str, stdin: bytes = b"") -> str: ...

    def grow(
        self,
        changes: Sequence[tuple[Sequence[int], Mapping[str, str | None]]],
        *,
        branch: str = "main",
    ) -> list[str]: ...


Made = Callable[..., Repository]
Told = Callable[..., History]


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commits that were held against the line, rather than remembered."""
    seen: list[str] = []

    def judge(states: Sequence[State], *arguments: object) -> None:
        seen.extend(state.commit for state in states)
        judge_commits(states, *arguments)  # type: ignore[arg-type]  # Handed on as they are.

    monkeypatch.setattr(running, "judge_commits", judge)
    return seen


def broken(history: History) -> list[bool]:
    return [bool(row.broken) for row in history.rows]


def test_a_break_is_told_with_who_made_it_what_shipped_it_and_who_mended_it(
    made: Made, told: Told
) -> None:
    repository = made()
    ids = repository.grow([([], WHOLE | WRAP), ([0], BROKEN), ([1], {"a.md": ""}), ([2], WHOLE)])
    repository.git("tag", "1.0", ids[0])
    repository.git("tag", "-m", "bad", "1.1", ids[2])
    history = told(repository)
    assert broken(history) == [False, True, True, False]
    (one,) = history.breaks
    assert [change.commit for change in one.broke] == [ids[1]]
    assert [change.commit for change in one.mended] == [ids[3]]
    assert (one.broke[0].author, one.broke[0].author_date[:10]) == ("A2", "2020-09-15")
    assert (one.area, one.commits, one.days, one.is_open) == ("code", 2, 2, False)
    assert list(one.shipped) == ["1.1"]


def test_a_merge_brings_a_break_and_is_named_beside_it(made: Made, told: Told) -> None:
    repository = made()
    side = ([0], BROKEN)
    ids = repository.grow([([], WHOLE | WRAP), side, ([0], {"a.md": ""}), ([2, 1], BROKEN)])
    (one,) = told(repository).breaks
    assert one.is_open
    assert [change.commit for change in one.broke] == [ids[1]]
    assert one.broke[0].merged is not None
    assert one.broke[0].merged.commit == ids[3]
    assert one.broke[0].merged.committer == "C"


def test_a_second_run_judges_new_commits_alone(made: Made, told: Told, judged: list[str]) -> None:
    repository = made()
    ids = repository.grow([([], BROKEN | WRAP), ([0], WHOLE)])
    first = told(repository, cached=True)
    assert judged == ids
    judged.clear()
    assert told(repository, cached=True).rows == first.rows
    assert judged == []
    repository.git("reset", "-q", "--hard", "main")
    (repository.folder / "src/new.py").write_text("from acme_enterprise import SEATS\n")
    repository.git("add", "-A")
    repository.git("commit", "-qm", "new")
    again = told(repository, cached=True)
    assert judged == [repository.git("rev-parse", "HEAD")]
    assert broken(again) == [True, False, True]
    assert again.rows == told(repository).rows


def test_a_new_wrap_makes_no_old_commit_known_wrongly(made: Made, told: Told) -> None:
    repository = made()
    early = {"src/app.py": "import acme_fleet\nimport acme_enterprise\n"}
    repository.grow([([], early | WRAP)])
    told(repository, cached=True)
    repository.git("reset", "-q", "--hard", "main")
    fleet = repository.folder / "enterprise/acme_fleet/__init__.py"
    fleet.parent.mkdir()
    fleet.write_text("")
    repository.git("add", "-A")
    repository.git("commit", "-qm", "another wrap of the same side")
    again = told(repository, cached=True)
    assert [row.references for row in again.rows] == [{"static": 1}, {"static": 2}]
    assert again.rows == told(repository).rows


@pytest.mark.parametrize("kept", [b"", b"coreline facts 1\n", b"\0" * 100])
def test_a_torn_cache_is_read_as_none(
    made: Made, told: Told, judged: list[str], kept: bytes
) -> None:
    repository = made()
    ids = repository.grow([([], BROKEN | WRAP)])
    whole = told(repository, cached=True)
    files = list((repository.folder / ".git/coreline").rglob("facts-*"))
    assert len(files) == 2
    for file in files:
        file.write_bytes(kept)
    judged.clear()
    assert told(repository, cached=True).rows == whole.rows
    assert judged == ids


def test_a_rewritten_history_finds_nothing_of_the_old_one(
    made: Made, told: Told, judged: list[str]
) -> None:
    repository = made()
    repository.grow([([], BROKEN | WRAP), ([0], {"a.md": "x"})])
    told(repository, cached=True)
    judged.clear()
    ids = repository.grow([([], WHOLE | WRAP), ([0], {"a.md": "x"})])
    assert broken(told(repository, cached=True)) == [False, False]
    assert judged == ids


def test_empty_commits_trees_and_roots_are_commits_too(made: Made, told: Told) -> None:
    repository = made()
    repository.grow([([], {}), ([], BROKEN | WRAP), ([0, 1], {}), ([1], {}), ([2, 3], BROKEN)])
    history = told(repository)
    assert len(history.rows) == 5
    assert history.rows[-1].grade == "broken"
    assert min(row.core.files for row in history.rows) == 0


def test_a_shallow_clone_says_what_is_missing(made: Made, told: Told, tmp_path: Path) -> None:
    repository = made()
    repository.grow([([], BROKEN | WRAP), ([0], {"a.md": "1"}), ([1], {"a.md": "2"})])
    shallow = made()
    address = repository.folder.as_uri()
    subprocess.run(
        ["git", "clone", "-q", "--depth=1", address, str(tmp_path / "clone")], check=True
    )
    shallow.folder = tmp_path / "clone"
    history = told(shallow)
    assert len(history.rows) == 1
    assert "shallow" in " ".join(history.notes)


def test_ids_of_sha256_are_refused_with_a_way_out(made: Made, told: Told) -> None:
    repository = made("sha256")
    (repository.folder / "a.md").write_text("")
    repository.git("add", "-A")
    repository.git("commit", "-qm", "one")
    with pytest.raises(InputError, match="sha256") as caught:
        told(repository)
    assert caught.value.code == "history-object-format"
    assert "--at" in caught.value.hint


def test_outside_git_and_an_unknown_revision_are_mistakes(
    made: Made, told: Told, tmp_path: Path
) -> None:
    repository = made()
    repository.grow([([], WHOLE)])
    with pytest.raises(InputError, match="nowhere"):
        told(repository, "nowhere")
    repository.folder = tmp_path
    with pytest.raises(InputError, match="not in a git repository"):
        told(repository)


def test_a_product_in_a_folder_of_a_larger_repository_is_its_own_history(
    made: Made, told: Told
) -> None:
    repository = made()
    inside = {f"app/{path}": text for path, text in (BROKEN | WRAP).items()}
    repository.grow([([], {"other/x.py": "import acme_enterprise\n"}), ([0], inside)])
    repository.git("reset", "-q", "--hard", "main")
    history = told(repository, folder="app", cached=True)
    assert [row.core.files for row in history.rows] == [0, 1]
    assert broken(history) == [False, True]


def test_each_commit_may_be_held_against_its_own_manifest(
    made: Made, told: Told, manifest: str
) -> None:
    repository = made()
    open_line = manifest.replace("enterprise/**", "paid/**").replace("acme_enterprise", "paid")
    repository.grow(
        [
            ([], BROKEN | WRAP | {"coreline.toml": open_line}),
            ([0], {"coreline.toml": "no manifest"}),
            ([1], {"coreline.toml": manifest}),
        ]
    )
    assert broken(told(repository)) == [True, True, True]
    assert broken(told(repository, own=True)) == [False, True, True]


def test_the_share_of_code_is_of_programs_alone_and_missing_contents_are_said(
    made: Made, told: Told
) -> None:
    repository = made()
    files = {"src/a.py": "x" * 300, "data.json": "y" * 5000, "enterprise/b.py": "z" * 100}
    (commit,) = repository.grow([([], files)])
    (row,) = told(repository).rows
    assert (row.core.code_bytes, row.wrap.code_bytes) == (300, 100)
    assert (row.core.files, row.wrap.files, row.wrap_share) == (2, 1, 0.25)
    blob = repository.git("rev-parse", f"{commit}:src/a.py")
    for pack in (repository.folder / ".git/objects/pack").glob("*.pack"):
        data = pack.read_bytes()
        pack.with_suffix(".idx").unlink(missing_ok=True)
        pack.unlink()
        repository.git("unpack-objects", "-q", stdin=data)
    (repository.folder / ".git/objects" / blob[:2] / blob[2:]).unlink()
    history = told(repository)
    assert (history.rows[0].missing, history.rows[0].core.code_bytes) == (1, 0)
    assert "not analyzed" in " ".join(history.notes)


def test_names_that_are_no_utf8_links_and_submodules_survive_and_are_kept(
    made: Made, told: Told
) -> None:
    repository = made()
    (commit,) = repository.grow([([], WRAP | {"plain.py": ""})])
    name = b"src/\xff\n.py"
    blob = repository.git("hash-object", "-w", "--stdin", stdin=b"import acme_enterprise\n")
    link = repository.git("hash-object", "-w", "--stdin", stdin=b"../enterprise/acme_enterprise")
    rows = b"".join(
        [
            b"100644 %b\t%b\0" % (blob.encode(), name),
            b"120000 %b\tsrc/way\0" % link.encode(),
            b"160000 %b\tsrc/module\0" % commit.encode(),
        ]
    )
    repository.git("read-tree", "main")
    repository.git("update-index", "-z", "--index-info", stdin=rows)
    repository.git("commit", "-qm", "hostile")
    first = told(repository, cached=True)
    assert first.rows[-1].references == {"static": 1, "link": 1}
    assert first.rows[-1].missing == 0
    again = told(repository, cached=True)
    assert again.rows == first.rows
    assert "src/\udcff\n.py" in {seen.path for seen in again.record.findings}
