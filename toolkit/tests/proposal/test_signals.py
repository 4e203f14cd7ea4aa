# SPDX-License-Identifier: Apache-2.0
"""Every signal does what its own example says."""

import pytest

from coreline.extensions import load
from coreline.proposal import signals
from coreline.proposal.model import Signal
from coreline.proposal.reference import render
from coreline.proposal.survey import survey_of

SIGNALS = {signal.name: signal for signal in load(signals, "SIGNAL", Signal)}


@pytest.mark.parametrize("name", SIGNALS)
def test_the_example_holds(name: str) -> None:
    signal = SIGNALS[name]
    found = {
        clue.path: "core" if clue.wrap is None else clue.wrap
        for clue in signal.find(survey_of(signal.example.files))
    }
    assert found == signal.example.says


@pytest.mark.parametrize("name", SIGNALS)
def test_it_says_nothing_of_a_plain_repository_and_shows_where_it_looked(name: str) -> None:
    signal = SIGNALS[name]
    plain = {"LICENSE": "", "README.md": "# Plain\n\nA tool.\n", "src/a.py": "import os\n"}
    assert list(signal.find(survey_of(plain))) == []
    for clue in signal.find(survey_of(signal.example.files)):
        assert clue.evidence.says
        text = signal.example.files.get(clue.evidence.path)
        if text is not None:
            assert clue.evidence.line <= text.count("\n") + 1


def test_all_kinds_of_signs_are_there() -> None:
    assert set(SIGNALS) == {
        "build-tags",
        "folders",
        "headers",
        "license-texts",
        "packages",
        "suffixes",
    }


def test_the_page_shows_every_signal_with_its_example() -> None:
    page = render()
    for signal in SIGNALS.values():
        assert f"\n## {signal.name}\n\n{signal.sentence}\n" in page
        for path in [*signal.example.files, *signal.example.says]:
            assert f"| `{path}` |" in page
    assert "| `premium/` |  | wrap `premium` |" in page
    assert page == render()
