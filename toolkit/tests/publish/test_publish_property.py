# SPDX-License-Identifier: Apache-2.0
"""Whatever the history and the line are: the public one is the core, commit by commit."""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coreline.errors import InputError, NothingToDo
from coreline.manifest.claims import Claim, Line
from coreline.publish.ledger import Entry, Ledger
from coreline.publish.recipe.lines import claims_digest

_LINES = [
    (["**"], ["enterprise/**"]),
    (["src/**", "a", "docs/*.md", "enterprise/open/**"], ["enterprise/**", "src/ee/**", "l"]),
    (["**"], ["**/*.ee.ts", "**/ee/**", "enterprise/**"]),
    (["**/api/**", "src/*", "enterprise/s"], ["enterprise/**", "?", "docs/**", "src/ee/**"]),
    (["enterprise/**"], ["**"]),
]
_PATHS = [
    "a",
    "l",
    "src/a",
    "src/x.ee.ts",
    "src/deep/er/b",
    "src/ee/s",
    "enterprise/s",
    "enterprise/open/o",
    "enterprise/api/ee/k",
    "docs/d.md",
    "docs/[id]/d.md",
    "coreline.toml",
]
_FILES = st.one_of(
    st.tuples(st.just("100644"), st.sampled_from(["one", "two", "three", "Grüße\n\0"])),
    st.tuples(st.sampled_from(["100755", "120000"]), st.sampled_from(["one", "../enterprise/s"])),
    st.tuples(st.just("160000"), st.sampled_from(["1" * 40, "2" * 40])),
)
_SOME_FILES = st.dictionaries(st.sampled_from(_PATHS), _FILES, min_size=2, max_size=6)
_EDITS = st.lists(st.tuples(st.sampled_from(_PATHS), st.none() | _FILES), max_size=3)
_SHAPES = st.sampled_from(["next", "next", "branch", "merge", "merge", "octopus", "root"])


@st.composite
def _histories(draw: st.DrawFn) -> list[Any]:
    history: list[Any] = [(draw(_SOME_FILES), [])]
    for number in range(1, draw(st.integers(4, 12))):
        parents = _parents(draw(_SHAPES), number, draw(st.permutations(range(number))))
        files = dict(history[parents[0]][0]) if parents else {}
        for parent in parents[1:]:
            if draw(st.booleans()):
                files |= history[parent][0]
        for path, file in draw(_EDITS):
            files.pop(path, None)
            if file is not None:
                files[path] = file
        history.append((files, parents))
    return history


def _parents(shape: str, number: int, others: list[int]) -> list[int]:
    """The newest commit is the likeliest parent; no parent is a root of its own."""
    newest = number - 1
    if shape == "root":
        return []
    if shape == "branch":
        return others[:1]
    if shape == "next":
        return [newest]
    count = 2 if shape == "merge" else 3
    return [newest, *(other for other in others if other != newest)][:count]


def _without_links_into_the_wrap(history: list[Any]) -> None:
    """Change the head: such links stop a publish there, and are public in older commits."""
    files, parents = history[-1]
    plain = {
        path: ("120000", "one") if file == ("120000", "../enterprise/s") else file
        for path, file in files.items()
    }
    history[-1] = (plain, parents)


def _core_of(line: Line, files: dict[str, Any]) -> dict[str, Any]:
    return {path: file for path, file in files.items() if line.side(path) == "core"}


@given(_histories(), st.sampled_from(_LINES), st.integers(1, 4), st.data())
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_public_trees_are_the_core_of_private_ones(
    lab: Any,
    tmp_path_factory: pytest.TempPathFactory,
    history: list[Any],
    globs: tuple[list[str], list[str]],
    run_size: int,
    data: st.DataObject,
) -> None:
    folder = tmp_path_factory.mktemp("property")
    line = lab.line(globs[0], wrap=globs[1])
    _without_links_into_the_wrap(history)
    head = history[-1][0]
    if data.draw(st.integers(0, 5)):
        history[-1] = (
            {path: file for path, file in head.items() if isinstance(line.claim(path), Claim)},
            history[-1][1],
        )
    private = lab.repository(folder / "private.git", history)
    head = history[-1][0]
    if any(not isinstance(line.claim(path), Claim) for path in head):
        with pytest.raises(InputError, match="no side at the head"):
            lab.publish(private, folder / "public.git", line)
        assert not (folder / "public.git").exists()
        return
    reached = _reached(history)
    if not any(_core_of(line, history[number][0]) for number in reached):
        return
    report = lab.publish(private, folder / "public.git", line, run_size=run_size)
    public = lab.repository(folder / "look.git")
    public.folder = folder / "public.git"
    entries = _entries(private.folder, line)
    for number in reached:
        entry = entries[bytes.fromhex(private.ids[number])]
        expected = _core_of(line, private.files(private.ids[number]))
        assert (public.files(entry.public.hex()) if entry.public else {}) == expected
    _assert_no_wrap(private, public, line, [private.ids[number] for number in reached])
    assert public.git("rev-parse", "main") == report.public.hex()
    public.git("fsck", "--full")

    # The same history in two steps, elsewhere, has the same ids.
    middle = data.draw(st.integers(1, len(history) - 1))
    again = lab.repository(folder / "again.git", history[:middle])
    step = folder / "stepwise.git"
    try:
        lab.publish(again, step, line)
    except InputError:
        # The earlier head had a file without a side, or nothing of the core yet.
        assert not step.exists()
    lab.extend(again, history)
    with suppress(NothingToDo):
        assert lab.publish(again, step, line, rebuild=True).public == report.public
    assert _entries(again.folder, line).items() >= entries.items()


_OPTIONS = ["--invert-paths", "--prune-degenerate", "never", "--preserve-commit-hashes"]


@given(_histories())
@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_ids_are_those_of_git_filter_repo(
    lab: Any, tmp_path_factory: pytest.TempPathFactory, history: list[Any]
) -> None:
    folder = tmp_path_factory.mktemp("oracle")
    line = lab.line(["**"], wrap=["enterprise/**", "src/ee/**"])
    _without_links_into_the_wrap(history)
    if not any(_core_of(line, history[number][0]) for number in _reached(history)):
        return
    private = lab.repository(folder / "private.git", history)
    report = lab.publish(private, folder / "public.git", line)
    other = lab.repository(folder / "other.git")
    other.git("fetch", "-q", str(private.folder), "main:main")
    paths = ["--path", "enterprise", "--path", "src/ee"]
    command = [sys.executable, "-m", "git_filter_repo", *paths, *_OPTIONS, "--force"]
    subprocess.run(command, cwd=other.folder, check=True, capture_output=True)
    assert other.git("rev-parse", "main") == report.public.hex()


def _reached(history: list[Any]) -> set[int]:
    found: set[int] = set()
    waiting = [len(history) - 1]
    while waiting:
        number = waiting.pop()
        if number not in found:
            found.add(number)
            waiting += history[number][1]
    return found


def _entries(private: Path, line: Line) -> dict[bytes, Entry]:
    path = private / "coreline" / "publish" / f"ledger-{claims_digest(line)}"
    return {entry.private: entry for entry in Ledger(path)}


def _assert_no_wrap(private: Any, public: Any, line: Line, commits: list[str]) -> None:
    """Every object that the public repository has, reachable or not, is one of the core's."""
    core = {
        target
        for commit in commits
        for path, (_, target) in private.files(commit).items()
        if line.side(path) == "core"
    }
    listed = public.git("cat-file", "--batch-all-objects", "--batch-check").splitlines()
    blobs = {row.split()[0] for row in listed if row.split()[1] == "blob"}
    assert blobs <= core
