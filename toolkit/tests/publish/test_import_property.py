# SPDX-License-Identifier: Apache-2.0
"""Over generated histories: what comes in from the public goes out with the same ids, and no byte
of the wrap ever does.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coreline.errors import CorelineError
from coreline.manifest.model import Contributions, MessageRule, PathMap
from coreline.publish.back.bring import Terms
from coreline.publish.back.contribution import Imported, import_commits
from coreline.publish.publish import publish
from coreline.publish.recipe.lines import claims_digest
from coreline.publish.recipe.messages import Messages
from coreline.publish.recipe.paths import Paths
from coreline.publish.recipe.people import People
from coreline.publish.recipe.recipe import Recipe

# What the fixture ``lab`` makes: its types cannot be imported from a conftest.
Lab = Any
Repository = Any
File = tuple[str, str]
Commit = tuple[dict[str, File], Sequence[int]]


class Edit(NamedTuple):
    """What one commit of somebody does: files written, files gone, and what it stands on."""

    written: dict[str, int]
    gone: list[str]
    parents: list[int]


_CORE = ["src/core/a", "src/core/b/c", "docs/d", "e"]
_PUBLIC = ["a", "b/c", "new", "docs/d", "e"]
_WRAP = ["ee/x", "ee/y/z"]


def edits(paths: Sequence[str]) -> st.SearchStrategy[list[Edit]]:
    """Return a strategy of short histories; parents are numbers modulo what there is."""
    one = st.builds(
        Edit,
        st.dictionaries(st.sampled_from(paths), st.integers(0, 3), max_size=3),
        st.lists(st.sampled_from(paths), max_size=1),
        st.lists(st.integers(0, 7), min_size=1, max_size=2),
    )
    return st.lists(one, min_size=1, max_size=5)


def recipe(line: Any, *, is_plain: bool) -> Recipe:
    if is_plain:
        return Recipe.today(line)
    people = People("", "Bot <bot@demo.example>", ["example.com"])
    return Recipe(
        line=line,
        lines=Recipe.today(line).lines,
        paths=Paths([PathMap(private="src/core", public="")]),
        regions=True,
        people=people,
        messages=Messages([MessageRule(match="[13579]", replace="odd")], (), people),
        digest=claims_digest(line) + "x",
        said={},
    )


def built(lab: Lab, folder: Path, history: Sequence[Edit]) -> tuple[Repository, list[Commit]]:
    """Make the private repository; each commit has something of both sides."""
    first: dict[str, File] = {path: ("100644", f"{path}\n") for path in (*_CORE, *_WRAP)}
    commits: list[Commit] = [(first, ())]
    for edit in history:
        parents = list(dict.fromkeys(number % len(commits) for number in edit.parents))
        files = dict(commits[parents[0]][0])
        for path, number in edit.written.items():
            kind = "WRAP" if path in _WRAP else "core"
            files[path] = ("100644", f"{kind} {number}\n")
        for path in edit.gone:
            files.pop(path, None)
        commits.append((files, parents))
    private = lab.repository(folder, commits)
    return private, commits


def contributed(public: Repository, history: Sequence[Edit]) -> str:
    """Make commits of an outsider on the public repository and return the last one's id."""
    known = public.git("rev-list", "--reverse", "main").split()
    for number, edit in enumerate(history):
        parents = list(dict.fromkeys(known[place % len(known)] for place in edit.parents))
        files = public.files(parents[0])
        for path, content in edit.written.items():
            text = f"outside {content}\n".encode()
            blob = public.git("hash-object", "-w", "--stdin", stdin=text)
            # A folder where a file was, or the other way round, is a change as well.
            files = {
                one: row
                for one, row in files.items()
                if not (one.startswith(f"{path}/") or path.startswith(f"{one}/"))
            }
            files[path] = ("100644", blob)
        for path in edit.gone:
            files.pop(path, None)
        rows = "".join(f"{mode} {name}\t{path}\n" for path, (mode, name) in files.items())
        public.git("read-tree", "--empty")
        public.git("update-index", "--index-info", stdin=rows.encode())
        tree = public.git("write-tree")
        options = [word for parent in parents for word in ("-p", parent)]
        known.append(public.git("commit-tree", tree, *options, "-m", f"Outside {number} 1"))
    public.git("update-ref", "refs/heads/feature", known[-1])
    return known[-1]


def attempted(private: Path, to: Path, cooking: Recipe, policy: Any) -> Imported | CorelineError:
    """Import the outsider's branch, or return what stopped it."""
    terms = Terms(Contributions(), "", (), moves_line=False, policy=policy)
    try:
        return import_commits(
            private, str(to), "feature", cooking, terms, merges=False, progress=lambda *_: None
        )
    except CorelineError as error:
        return error


@pytest.mark.parametrize("is_plain", [True, False])
@settings(
    deadline=None,
    derandomize=True,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(private_history=edits([*_CORE, *_WRAP]), outside_history=edits(_PUBLIC))
def test_publish_import_publish_is_the_identity_on_ids(
    lab: Lab,
    tmp_path_factory: pytest.TempPathFactory,
    is_plain: bool,
    private_history: list[Edit],
    outside_history: list[Edit],
) -> None:
    folder = tmp_path_factory.mktemp("world")
    private, _ = built(lab, folder / "private", private_history)
    line = lab.line(["src/**", "docs/**", "e", "new", "a", "b/**"], ee=["ee/**"])
    cooking = recipe(line, is_plain=is_plain)
    to = folder / "public.git"
    publish(private.folder, str(to), cooking, now=lab.now, policy=lab.policy(line))
    public = lab.opened(to)
    tip = contributed(public, outside_history)
    known = set(public.git("rev-list", "main").split())
    expected = [name for name in public.git("rev-list", tip).split() if name not in known]
    done = attempted(private.folder, to, cooking, lab.policy(line))
    if isinstance(done, CorelineError):
        # Wraps that went apart cannot be joined for an outsider's merge; nothing else may stop.
        assert done.code in ("import-wrap-diverged", "import-up-to-date"), done
        return
    private.git("update-ref", "refs/heads/main", done.commits[-1][1])
    elsewhere = folder / "again.git"
    publish(private.folder, str(elsewhere), cooking, now=lab.now, policy=lab.policy(line))
    again = lab.opened(elsewhere)
    assert set(expected) <= set(again.git("rev-list", "main").split())
    assert again.git("rev-parse", "main") == tip
    objects = again.git("cat-file", "--batch-all-objects", "--batch-check").splitlines()
    blobs = [row.split()[0] for row in objects if " blob " in row]
    assert not any("WRAP" in again.git("cat-file", "blob", name) for name in blobs)
