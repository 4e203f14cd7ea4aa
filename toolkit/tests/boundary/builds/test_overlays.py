# SPDX-License-Identifier: Apache-2.0
"""Overlays: which files of the core a wrap's replace in a build, and that nothing else is said."""

from collections.abc import Callable

import pytest

from coreline.boundary.model import Report

Checked = Callable[..., Report]

TREE = {
    "app/models/user.rb": "class User\nend\n",
    "app/models/note.rb": "class Note\nend\n",
    "app/views/note.html": "<p>\n",
    "enterprise/app/models/user.rb": "class User\n  SEATS = 1\nend\n",
    "enterprise/app/models/note.rb": "class Note\n  SEATS = 1\nend\n",
    "enterprise/app/models/seat.rb": "class Seat\nend\n",
}
DECLARED = '\n[[wraps.enterprise.overlays]]\nwrap = "enterprise"\ncore = "."\n'


def overlays(report: Report) -> list[tuple[str, str]]:
    return [(one.path, one.names[0]) for one in report.findings if one.check == "overlays"]


REPLACED = [
    ("app/models/note.rb", "enterprise/app/models/note.rb"),
    ("app/models/user.rb", "enterprise/app/models/user.rb"),
]


def test_a_declared_overlay_names_each_file_that_it_replaces(
    checked: Checked, manifest: str
) -> None:
    report = checked(TREE, manifest + DECLARED)
    assert overlays(report) == REPLACED
    assert report.grade == "tight"
    assert {one.check for one in report.findings} == {"overlays"}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Dockerfile", "FROM x\nCOPY . /app\nCOPY enterprise/ /app/\n"),
        ("Dockerfile", "FROM x\nWORKDIR /app\nCOPY enterprise .\n"),
        ("build.sh", "rsync -a enterprise/ ./\n"),
        ("build.sh", "cp -r ./enterprise/. .\n"),
        ("Makefile", "all:\n\tcp -r enterprise/* .\n"),
        (".github/workflows/a.yml", "jobs: {a: {steps: [{run: cp -r enterprise/. .}]}}\n"),
        ("enterprise/Dockerfile", "FROM x\nCOPY enterprise/app /src/app\n"),
    ],
)
def test_an_overlay_is_discovered_by_the_build_that_copies_it(
    checked: Checked, path: str, text: str
) -> None:
    report = checked({**TREE, path: text})
    assert overlays(report) == REPLACED
    hint = next(one.hint for one in report.findings if one.check == "overlays")
    assert "[[wraps.enterprise.overlays]]" in hint


@pytest.mark.parametrize(
    "text",
    [
        "FROM x\nCOPY enterprise /app/enterprise\n",
        "FROM x\nCOPY . /app\n",
        "FROM x\nCOPY docs .\n",
    ],
)
def test_a_folder_that_keeps_its_place_replaces_nothing(checked: Checked, text: str) -> None:
    assert overlays(checked({**TREE, "Dockerfile": text})) == []


def test_a_folder_that_shares_few_paths_is_no_overlay(checked: Checked) -> None:
    files = {
        "README.md": "",
        "enterprise/README.md": "",
        "enterprise/a.rb": "",
        "enterprise/b.rb": "",
        "Dockerfile": "FROM x\nCOPY enterprise/ .\n",
    }
    assert overlays(checked(files)) == []


def test_the_core_imports_its_own_module_and_not_the_one_laid_over_it(
    checked: Checked, manifest: str
) -> None:
    lines = "".join(f"value_{n} = {n}\n" for n in range(60))
    files = {
        "acme/__init__.py": "",
        "acme/notes.py": lines,
        "acme/app.py": "from acme import notes\nfrom acme.notes import value_1\n",
        "enterprise/acme/__init__.py": "",
        "enterprise/acme/notes.py": lines + "fleet = 1\n",
    }
    report = checked(files, manifest + DECLARED)
    assert {one.check for one in report.findings} == {"overlays"}
    assert overlays(report)[-1] == ("acme/notes.py", "enterprise/acme/notes.py")
