# SPDX-License-Identifier: Apache-2.0
"""Which names ``publish.notes`` takes."""

import pytest

from coreline.manifest.parse import parse_manifest
from coreline.manifest.problems import ManifestErrors

_TEXT = """\
[product]
name = "demo"
primary = "Demonstrate"
[core]
spdx = "MIT"
paths = ["**"]
[publish]
"""


@pytest.mark.parametrize("name", ["commits", "reviews/2026", "a.b-c_d", "corelines"])
def test_notes_are_named_by_the_end_of_their_ref(name: str) -> None:
    assert parse_manifest(f'{_TEXT}notes = ["{name}"]').manifest.publish.notes == [name]


@pytest.mark.parametrize(
    "name",
    [
        "refs/notes/commits",
        "coreline",
        "coreline/x",
        "a*",
        "a..b",
        "/a",
        "a/",
        "a b",
        "a.lock",
        "a:b",
    ],
)
def test_what_names_no_notes_is_refused(name: str) -> None:
    with pytest.raises(ManifestErrors) as refused:
        parse_manifest(f'{_TEXT}notes = ["commits", "{name}"]')
    (problem,) = refused.value.problems
    assert (problem.code, problem.line) == ("malformed", 8)
