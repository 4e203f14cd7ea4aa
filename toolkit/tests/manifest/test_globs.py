# SPDX-License-Identifier: Apache-2.0
"""What a glob means, which is wider, and that the compiled pass agrees with the plain meaning."""

import re
import time
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coreline.manifest.globs import canonical, covers, segment_regex
from coreline.manifest.globset import GlobSet

SETTINGS = settings(max_examples=300, deadline=None, derandomize=True)


def naive(pattern: str, path: str) -> bool:
    """The docstring's meaning, written down as plainly as possible."""
    globs, names = tuple(pattern.split("/")), tuple(path.split("/"))

    @cache
    def folders(i: int, j: int) -> bool:
        if i == len(globs):
            return j == len(names)
        if globs[i] == "**":
            if i == len(globs) - 1:
                return j < len(names)
            return any(folders(i + 1, k) for k in range(j, len(names)))
        return j < len(names) and segment(globs[i], names[j]) and folders(i + 1, j + 1)

    @cache
    def segment(glob: str, name: str) -> bool:
        if not glob:
            return not name
        if glob[0] == "*":
            return any(segment(glob[1:], name[k:]) for k in range(len(name) + 1))
        return bool(name) and glob[0] in ("?", name[0]) and segment(glob[1:], name[1:])

    return folders(0, 0)


# A small alphabet, so that patterns and paths meet often.
SEGMENT = st.one_of(
    st.just("**"),
    st.text("ab.*?", min_size=1, max_size=4).filter(lambda text: "**" not in text),
)
PATTERN = st.lists(SEGMENT, min_size=1, max_size=5).map("/".join)
NAME = st.text("ab.", min_size=1, max_size=4)
PATH = st.lists(NAME, min_size=1, max_size=5).map("/".join)


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("README.md", "README.md", True),
        ("docs", "docs/index.md", False),
        ("docs/**", "docs/index.md", True),
        ("docs/**", "docs/a/b/c.md", True),
        ("docs/**", "docs", False),
        ("docs/*", "docs/a/b.md", False),
        ("**", "a", True),
        ("**/ee/**", "ee/a", True),
        ("**/ee/**", "src/x/ee/a/b", True),
        ("**/ee/**", "src/fee/a", False),
        ("src/**/test_?.py", "src/test_1.py", True),
        ("src/**/test_?.py", "src/a/b/test_12.py", False),
        ("app/[id]/(group)/*.tsx", "app/[id]/(group)/page.tsx", True),
        ("app/[id]/*", "app/i/page", False),
        ("*.md", "line\nend.md", True),
        ("line?end.md", "line\nend.md", True),
        ("*.tar.gz", "x.tar.gz", True),
        ("*.tar.gz", "x.zip.gz", False),
        ("*_ee.*", "a_ee.py", True),
        ("*.", "a.", True),
        ("a/*/**", "a/b", False),
        ("a/*/**", "a/b/c", True),
        ("a+b/*.c++", "a+b/x.c++", True),
    ],
)
def test_a_glob_means_what_its_docstring_says(pattern: str, path: str, matches: bool) -> None:
    assert bool(GlobSet([pattern]).matches(path)) is matches
    assert naive(pattern, path) is matches


@SETTINGS
@given(st.lists(PATTERN, max_size=8), st.lists(PATH, max_size=8))
def test_a_set_agrees_with_the_plain_meaning(patterns: list[str], paths: list[str]) -> None:
    globs = GlobSet(patterns)
    for path in [*paths, *paths]:
        expected = tuple(n for n, pattern in enumerate(patterns) if naive(pattern, path))
        assert globs.matches(path) == expected


def test_equal_patterns_are_all_found() -> None:
    assert GlobSet(["a/b", "a/b", "a/*", "a/**"]).matches("a/b") == (0, 1, 2, 3)


def path_of(draw: st.DrawFn, pattern: str) -> str:
    """A path that a pattern matches."""
    names: list[str] = []
    segments = pattern.split("/")
    for index, segment in enumerate(segments):
        if segment == "**":
            least = 1 if index == len(segments) - 1 else 0
            names += draw(st.lists(NAME, min_size=least, max_size=3))
        else:
            filled = "".join(
                draw(st.text("ab.", max_size=3)) if char == "*" else char for char in segment
            )
            names.append(filled.replace("?", draw(st.sampled_from("ab."))) or "a")
    return "/".join(names)


@st.composite
def narrow_and_path(draw: st.DrawFn) -> tuple[str, str]:
    pattern = draw(PATTERN)
    return pattern, path_of(draw, pattern)


@SETTINGS
@given(PATTERN, narrow_and_path())
def test_what_covers_matches_whatever_the_other_matches(
    wide: str, narrow_path: tuple[str, str]
) -> None:
    narrow, path = narrow_path
    assert naive(narrow, path)
    if covers(wide, narrow):
        assert naive(wide, path)


@SETTINGS
@given(PATTERN, st.data())
def test_a_pattern_covers_its_own_narrowing(pattern: str, data: st.DataObject) -> None:
    """Replacing a wildcard with something it stands for narrows, and covers must see it."""
    parts = pattern.split("/")
    index = data.draw(st.integers(0, len(parts) - 1))
    if parts[index] == "**":
        parts[index] = data.draw(st.sampled_from(["a", "*", "a/**", "*/b"]))
        if index < len(parts) - 1 and data.draw(st.booleans()):
            del parts[index]
    else:
        parts[index] = parts[index].replace("*", data.draw(st.sampled_from(["a", "?", "b*", ""])))
        parts[index] = parts[index] or "a"
        if not naive(pattern.split("/")[index], parts[index].replace("*", "b").replace("?", "b")):
            return
    narrow = "/".join(parts)
    assert covers(pattern, narrow)


@SETTINGS
@given(PATTERN, st.lists(PATH, min_size=20, max_size=40))
def test_the_canonical_spelling_means_the_same(pattern: str, paths: list[str]) -> None:
    one = canonical(pattern)
    assert canonical(one) == one
    assert covers(pattern, one)
    assert covers(one, pattern)
    for path in paths:
        assert naive(pattern, path) == naive(one, path)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a/**/**", "a/**"),
        ("a/**/*", "a/**"),
        ("**/*", "**"),
        ("**/*/b", "*/**/b"),
        ("a/**/*/*", "a/*/**"),
        ("a/*?", "a/*"),
        ("x*?y", "x?*y"),
    ],
)
def test_spellings_of_one_glob_are_equivalent(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)
    assert covers(one, other)
    assert covers(other, one)


@pytest.mark.parametrize(
    ("wide", "narrow", "answer"),
    [
        ("**", "a/b", True),
        ("ee/**", "ee/x/**", True),
        ("ee/**", "**/x", False),
        ("*", "**", False),
        ("*.py", "a*.py", True),
        ("a*.py", "*.py", False),
        ("?.py", "*.py", False),
        ("*/**", "a", False),
        ("a/?", "a/*", False),
        ("**/x/*.py", "a/**/x/b.py", True),
        ("**/a/**/b/**", "x/a/y/b/z", True),
    ],
)
def test_covers(wide: str, narrow: str, answer: bool) -> None:
    assert covers(wide, narrow) is answer


def test_hostile_patterns_cost_little() -> None:
    """Neither matching nor covering may take the exponential number of ways to be wrong."""
    started = time.process_time()
    segment = "*a" * 30 + "b"
    assert not re.fullmatch(segment_regex(segment), "a" * 4000)
    folders = "/".join(["**", "a"] * 30) + "/b"
    assert not GlobSet([folders]).matches("a/" * 1000 + "a")
    assert not covers("*a" * 60 + "b", "a" * 400)
    assert not covers(folders, "/".join(["a"] * 400))
    assert covers("**/" + "*a" * 60, "x/" + "a" * 400)
    assert time.process_time() - started < 2
