# SPDX-License-Identifier: Apache-2.0
"""Whose a path is: the narrowest claim, or a tie that names its lines."""

import random
import time

import pytest

from coreline.manifest.claims import OWN_CLAIM, Claim, Line, Tie, wrap_of
from coreline.manifest.model import Core, Feature, Manifest, Product, Wrap


def manifest(
    core: list[str], wraps: dict[str, list[str]] | None = None, **features: Feature
) -> Manifest:
    return Manifest(
        product=Product(name="p", primary="x"),
        core=Core(spdx="MIT", paths=core),
        wraps={name: Wrap(spdx="MIT", paths=paths) for name, paths in (wraps or {}).items()},
        features=features,
    )


def owner(line: Line, path: str) -> object:
    claim = line.claim(path)
    if isinstance(claim, Claim):
        return (
            (claim.wrap or claim.side, claim.feature) if claim.feature else claim.wrap or claim.side
        )
    if isinstance(claim, Tie):
        return {claim.wrap or claim.side for claim in claim.claims}
    return None


@pytest.mark.parametrize(
    ("path", "whose"),
    [
        ("src/a.py", "core"),
        ("src/ee/a.py", "ee"),
        ("src/ee/open/a.py", "core"),
        ("src/ee/open/key.pem", {"core", "ee"}),
        ("src/key.pem", {"core", "ee"}),
        ("other/a.py", None),
        ("other/key.pem", "ee"),
        ("cloud/a/b", ("cloud", "sync")),
        ("cloud/a/c/d", ("cloud", "sync")),
        ("cloud/x", "cloud"),
        ("coreline.toml", "core"),
    ],
)
def test_the_narrowest_claim_wins(path: str, whose: object) -> None:
    line = Line(
        manifest(
            ["src/**", "src/ee/open/**"],
            {"ee": ["src/ee/**", "**/*.pem"], "cloud": ["cloud/**", "cloud/a/c/**"]},
            sync=Feature(side="wrap", wrap="cloud", paths=["cloud/a/**"]),
        )
    )
    assert owner(line, path) == whose
    # The second time it is remembered.
    assert owner(line, path) == whose


def test_a_claim_says_where_the_manifest_makes_it() -> None:
    line = Line(manifest(["a/**", "b/**"], {"w": ["c/**"]}))
    assert line.claim("b/x") == Claim("core", None, None, "b/**", ("core", "paths", 1))
    assert line.claim("c/x") == Claim("wrap", "w", None, "c/**", ("wraps", "w", "paths", 0))


def test_one_exact_file_given_to_two_sides_is_a_tie() -> None:
    tie = Line(manifest(["LICENSE"], {"w": ["LICENSE"]})).claim("LICENSE")
    assert isinstance(tie, Tie)
    assert {claim.side for claim in tie.claims} == {"core", "wrap"}
    assert Line(manifest(["LICENSE"], {"w": ["LICENSE"]})).side("LICENSE") is None


def test_a_tie_names_only_claims_that_no_other_side_beats() -> None:
    tie = Line(manifest(["**", "a/**"], {"w": ["**/b/**"]})).claim("a/b/c")
    assert isinstance(tie, Tie)
    assert [claim.pattern for claim in tie.claims] == ["a/**", "**/b/**"]


def test_equivalent_spellings_tie() -> None:
    assert isinstance(Line(manifest(["a/**"], {"w": ["a/**/*"]})).claim("a/b"), Tie)


def test_two_wraps_tie_as_two_sides_do() -> None:
    assert isinstance(Line(manifest([], {"v": ["a/**"], "w": ["**/b"]})).claim("a/b"), Tie)


def test_claims_of_one_owner_never_tie() -> None:
    line = Line(manifest([], {"w": ["a/**", "**/b"]}))
    assert owner(line, "a/b") == "w"


def test_a_side_may_claim_the_manifest_itself() -> None:
    assert Line(manifest([])).claim("coreline.toml") == OWN_CLAIM
    assert owner(Line(manifest([], {"w": ["*.toml"]})), "coreline.toml") == "w"
    assert Line(manifest([])).claim("sub/coreline.toml") is None


def test_all_matching_claims_can_be_asked_for() -> None:
    line = Line(manifest(["**", "a/**"], {"w": ["a/b"]}))
    assert [claim.pattern for claim in line.matching("a/b")] == ["**", "a/**", "a/b"]


def test_the_wrap_of_a_feature() -> None:
    one = manifest([], {"w": []}, f=Feature(side="wrap"))
    assert wrap_of(one, "f") == "w"
    two = manifest([], {"v": [], "w": []}, f=Feature(side="wrap"), g=Feature(side="wrap", wrap="v"))
    assert wrap_of(two, "f") is None
    assert wrap_of(two, "g") == "v"


def test_fifty_thousand_paths_and_two_hundred_claims_take_well_under_a_second() -> None:
    dice = random.Random(7)
    folders = [
        "/".join(f"d{dice.randrange(40)}" for _ in range(dice.randint(1, 6))) for _ in range(5000)
    ]
    paths = [f"{dice.choice(folders)}/f{number}.py" for number in range(50000)]
    claims = [f"**/d{n}/*.py" for n in range(90)] + [f"d{n}/**" for n in range(40)]
    claims += [f"d{n}/**/d{n + 1}/*_test.py" for n in range(70)]
    line = Line(manifest(claims[::2], {"w": claims[1::2]}))
    started = time.process_time()
    for path in paths:
        line.claim(path)
    assert time.process_time() - started < 1
