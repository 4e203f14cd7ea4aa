# SPDX-License-Identifier: Apache-2.0
"""The tutorials do what they say: every command is run and its output compared.

Where an output changed on purpose, ``python docs/tutorials.py`` writes the new one into the page.
"""

import runpy
from pathlib import Path

import pytest

TUTORIALS = runpy.run_path(str(Path(__file__).parent.parent / "docs" / "tutorials.py"))


@pytest.mark.parametrize("page", TUTORIALS["PAGES"], ids=lambda page: page.stem)
def test_a_tutorial_does_what_it_says(page: Path) -> None:
    played = TUTORIALS["play"](page)
    assert len(played) > 5
    wrong = [
        f"$ {one.text}\n--- the page says\n{one.promised}--- it printed\n{one.printed}"
        for one in played
        if not one.agrees
    ]
    assert not wrong, "\n\n".join([*wrong, "`python docs/tutorials.py` writes what is printed."])


def test_a_page_that_is_wrong_is_found() -> None:
    command = TUTORIALS["Command"]
    assert command("c", "one …\n\ntwo\n", "one 1 [a]\ntwo\n").agrees
    assert not command("c", "one\n", "one\ntwo\n").agrees
    assert not command("c", "[a]\n", "a\n").agrees
