# SPDX-License-Identifier: Apache-2.0
"""What is said about a folder holds for every path below it, in the filter and in the proof."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coreline.manifest.claims import Claim
from coreline.publish.folders import Folders
from coreline.publish.settled import Settled

_SEGMENT = st.sampled_from(["a", "b", "ab", "[id]", "*", "a*", "?", "**", "*.ts"])
_GLOB = st.lists(_SEGMENT, min_size=1, max_size=4).map("/".join)
_NAME = st.sampled_from(["a", "b", "ab", "[id]", "x", "x.ts", "*"])
_FOLDER = st.lists(_NAME, min_size=1, max_size=3).map("/".join)


@given(
    st.lists(_GLOB, min_size=1, max_size=3),
    st.lists(_GLOB, max_size=3),
    st.lists(_GLOB, max_size=2),
    _FOLDER,
    st.lists(_FOLDER, min_size=1, max_size=8),
)
@settings(max_examples=500, deadline=None, derandomize=True)
def test_no_path_contradicts_its_folder(
    lab: Any, core: list[str], one: list[str], two: list[str], folder: str, below: list[str]
) -> None:
    line = lab.line(core, one=one, two=two)
    extent = Folders(line).extent(folder)
    settled = Settled(line).side(f"{folder}/")
    for rest in below:
        path = f"{folder}/{rest}"
        side = line.side(path)
        if extent in ("core", "wrap"):
            assert side == extent
        if extent == "closed" or settled == "wrap":
            assert side != "core"
        if settled == "core":
            assert side == "core"
        if extent == "wrap":
            assert isinstance(line.claim(path), Claim)


@pytest.mark.parametrize(
    ("folder", "extent", "settled"),
    [
        ("backend", "core", "core"),
        ("backend/deep/er", "core", "core"),
        ("enterprise", "wrap", "wrap"),
        ("web", "mixed", None),
        ("web/src", "core", "core"),
        ("web/ee", "wrap", "wrap"),
        ("open", "mixed", None),
    ],
)
def test_common_folders_are_never_read(lab: Any, folder: str, extent: str, settled: str) -> None:
    line = lab.line(["**", "open/*.md"], ee=["enterprise/**", "web/ee/**", "open/**"])
    assert Folders(line).extent(folder) == extent
    assert Settled(line).side(f"{folder}/") == settled


def test_an_allow_list_closes_what_it_does_not_name(lab: Any) -> None:
    line = lab.line(["src/**", "*.md"], ee=["enterprise/**"])
    assert Folders(line).extent("new") == "closed"
    assert Folders(line).extent("enterprise") == "wrap"
    assert Settled(line).side("new/") == "wrap"
