# SPDX-License-Identifier: Apache-2.0
"""The reference page names every extension, so that nothing is undocumented."""

from coreline.boundary.check import load_checks, load_formats, load_languages
from coreline.boundary.reference import render


def test_every_extension_is_on_the_page() -> None:
    page = render()
    for check in load_checks():
        assert f"### `{check.name}`\n\n{check.sentence}" in page
    for language in load_languages():
        assert f"### {language.name}\n\n{language.sentence}" in page
    for one in load_formats():
        assert f"| `{one.name}` | {one.sentence} |" in page


def test_tables_are_not_broken_by_what_they_show() -> None:
    rows = [line for line in render().splitlines() if line.startswith("| <code>")]
    assert rows
    assert all(row.count("|") == 5 for row in rows)
