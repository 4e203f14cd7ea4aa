# SPDX-License-Identifier: Apache-2.0
"""Composed patterns say exactly what was decided, for any tree of paths."""

from collections.abc import Iterable, Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from coreline.manifest import spelling
from coreline.manifest.claims import Claim, Line
from coreline.manifest.globset import GlobSet
from coreline.proposal.compose import compose, manifest_of, wrong_claims
from coreline.proposal.model import Owner
from coreline.proposal.patterns import Pattern, literal

NAMES = st.sampled_from(
    [
        *("src", "ee", "web", "a.ee.ts", "b.ee.ts", "README.md", "A.md", "B.md", "(app)", "[id]"),
        *("*", "?", "**", "a*", "ab", "a?", "ü", "#", '"', "!", "C:", "{a,b}", "{{ slug }}"),
        *("new\nline", "not-\udcff-utf8", "x y", " first", "last ", "back\\slash"),
    ]
)
OWNERS = st.sampled_from([None, None, "enterprise", "premium"])


@st.composite
def trees(draw: st.DrawFn) -> dict[str, Owner]:
    """Draw paths that a file system can hold, each with an owner, often the folder's."""
    parts = draw(st.lists(st.lists(NAMES, min_size=1, max_size=4), min_size=1, max_size=14))
    paths = sorted({"/".join(part) for part in parts})
    files = [path for path in paths if not any(o.startswith(path + "/") for o in paths)]
    top = {path.split("/")[0]: draw(OWNERS) for path in files}
    return {p: draw(st.one_of(st.just(top[p.split("/")[0]]), OWNERS)) for p in files}


@given(
    owners=trees(),
    decided=st.dictionaries(
        st.sampled_from(["src/", "ee/", "web/", "web/ee/", "src/ee/"]), OWNERS, max_size=3
    ),
    apart=st.sets(st.sampled_from(["src/", "web/", "web/src/"]), max_size=2),
    anywhere=st.sets(st.sampled_from(["ee", ".ee.", "web"]), max_size=3),
)
@settings(max_examples=300, deadline=None, derandomize=True)
def test_every_path_is_claimed_once_and_the_core_never_gets_the_wraps(
    owners: dict[str, Owner], decided: dict[str, Owner], apart: set[str], anywhere: set[str]
) -> None:
    made = compose(owners, decided=decided, apart=apart, anywhere=anywhere)

    line = Line(manifest_of(made.patterns))
    for path, owner in owners.items():
        claim = line.claim(path)
        assert isinstance(claim, Claim), (path, claim)
        assert (claim.side == "core") == (owner is None and path not in made.given)
        if not any(literal(other) != other for other in owners):
            assert claim.wrap == owner
            assert made.given == ()
    used = {glob for path in owners for glob in line_globs(made.patterns, path)}
    assert used == {pattern.glob for pattern in made.patterns}
    assert [spelling.find_mistake(glob) for glob in used if spelling.find_mistake(glob)] == []


def line_globs(patterns: Iterable[Pattern], path: str) -> set[str]:
    """Return the globs that match a path."""
    globs = [pattern.glob for pattern in patterns]
    return {globs[number] for number in GlobSet(globs).matches(path)}


def globs_of(owners: Mapping[str, Owner], **options: object) -> dict[Owner, list[str]]:
    made = compose(owners, **options)  # type: ignore[arg-type]  # Options as the tests name them.
    assert not wrong_claims(made.patterns, owners)
    found: dict[Owner, list[str]] = {}
    for pattern in made.patterns:
        found.setdefault(pattern.owner, []).append(pattern.glob)
    return found


def test_a_new_folder_at_the_top_is_not_claimed() -> None:
    globs = globs_of({"src/a.py": None, "docs/a.md": None, "LICENSE": None})
    assert globs == {None: ["docs/**", "src/**", "LICENSE"]}
    line = Line(manifest_of(compose({"src/a.py": None, "LICENSE": None}).patterns))
    assert line.claim("secret/plan.md") is None
    assert line.claim("SECRET") is None


def test_wrap_folders_nest_in_the_cores() -> None:
    owners: dict[str, Owner] = {
        "web/src/ee/x.ts": "enterprise",
        "web/src/ee/y/z.ts": "enterprise",
        "web/src/a.ts": None,
        "ee/b.ts": "enterprise",
    }
    globs = globs_of(owners, decided={"web/src/ee/": "enterprise"})
    assert globs == {None: ["web/**"], "enterprise": ["ee/**", "web/src/ee/**"]}


def test_a_folder_above_a_wrap_is_not_the_wraps() -> None:
    owners: dict[str, Owner] = {"web/src/ee/x.ts": "enterprise", "web/src/ee/y/z.ts": "enterprise"}
    made = compose(owners, decided={"web/src/ee/": "enterprise"})
    assert [pattern.glob for pattern in made.patterns] == ["web/src/ee/**"]
    assert Line(manifest_of(made.patterns)).claim("web/src/new.ts") is None


def test_a_decided_folder_stays_whole_around_a_file_of_the_core() -> None:
    globs = globs_of(
        {"ee/a.py": "enterprise", "ee/open.py": None, "ee/b/open.py": None},
        decided={"ee/": "enterprise"},
    )
    assert globs == {"enterprise": ["ee/**"], None: ["ee/b/open.py", "ee/open.py"]}


def test_names_that_mean_a_wrap_anywhere_are_folded() -> None:
    owners: dict[str, Owner] = {"app/a.ts": None, "app/x/a.ee.ts": "enterprise"}
    assert globs_of(owners, anywhere=[".ee."])["enterprise"] == ["app/**/*.ee.*"]
    owners = {"app/a.ts": None, "app/ee/a": "enterprise", "app/t/ee/b": "enterprise"}
    decided: dict[str, Owner] = {"app/ee/": "enterprise", "app/t/ee/": "enterprise"}
    assert globs_of(owners, decided=decided, anywhere=["ee"])["enterprise"] == ["app/**/ee/**"]
    assert globs_of(owners, decided=decided)["enterprise"] == ["app/ee/**", "app/t/ee/**"]


def test_a_folder_of_marked_files_alone_is_not_claimed_whole() -> None:
    owners: dict[str, Owner] = {
        "app/a.ts": None,
        "sso/oidc.ee.ts": "enterprise",
        "sso/x/saml.ee.ts": "enterprise",
    }
    made = compose(owners, anywhere=[".ee."])
    assert [p.glob for p in made.patterns] == ["app/**", "sso/**/*.ee.*"]
    line = Line(manifest_of(made.patterns))
    assert line.claim("sso/new.ts") is None
    assert line.side("sso/new.ee.ts") == "wrap"


def test_no_folding_over_a_file_of_another_owner() -> None:
    owners: dict[str, Owner] = {
        "app/a.ts": None,
        "app/x/a.ee.ts": "enterprise",
        "app/y/b.ee.ts": None,
    }
    assert globs_of(owners, anywhere=[".ee."])["enterprise"] == ["app/x/a.ee.ts"]


def test_root_files_of_a_kind_are_one_pattern_from_three_on() -> None:
    owners: dict[str, Owner] = {"A.md": None, "B.md": None, "C.md": None, "a.txt": None}
    assert globs_of(owners) == {None: ["*.md", "a.txt"]}
    assert globs_of({**owners, "SECRET.md": "enterprise"})[None] == [
        "A.md",
        "B.md",
        "C.md",
        "a.txt",
    ]


def test_a_workspaces_packages_are_claimed_one_by_one() -> None:
    owners: dict[str, Owner] = {"packages/a/x": None, "packages/b/x": None, "packages/x": None}
    assert globs_of(owners, apart=["packages/"]) == {
        None: ["packages/a/**", "packages/b/**", "packages/x"]
    }


def test_names_that_globs_cannot_tell_apart_go_to_the_wrap() -> None:
    made = compose({"a*": None, "a?": "enterprise", "b": None})
    assert made.given == ("a*",)
    line = Line(manifest_of(made.patterns))
    assert [line.side(path) for path in ("a*", "a?", "b")] == ["wrap", "wrap", "core"]
