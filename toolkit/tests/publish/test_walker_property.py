# SPDX-License-Identifier: Apache-2.0
"""Under whole recipes, over generated histories: the walker finds nothing that differs."""

import runpy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coreline.errors import InputError
from coreline.manifest.parse import parse_manifest
from coreline.publish.leaving.policy import policy_of
from coreline.publish.publish import publish
from coreline.publish.recipe.recipe import recipe_of

_WALKER = runpy.run_path(str(Path(__file__).with_name("walker.py")))
differing_under = _WALKER["differing_under"]
pairs_of = _WALKER["pairs_of"]

_LINE = """\
[product]
name = "demo"
primary = "Demonstrate"
[core]
spdx = "MIT"
paths = ["**"]
[wraps.wrap]
spdx = "LicenseRef-Demo"
paths = {}
"""
_OLD = _LINE.format('["enterprise/**"]')
_NEW = _LINE.format('["enterprise/**", "src/core/ee/**", "*.key"]')
_MOVED = {"src/core/": "lib/", "src/core/deep/": "deep/er/"}
_RECIPE = """\
[publish]
line = "{line}"
regions = true
messages = [{{ match = "[0-4]", replace = "few" }}]
paths = [
    {{ private = "src/core/**", public = "lib" }},
    {{ private = "src/core/deep/**", public = "deep/er" }},
]
"""
_REGION = "x\n# coreline:wrap-begin\nkept {0}\n# coreline:wrap-end\ny {0}\n"
_PATHS = ["a", "b.key", "docs/d", "enterprise/s", "lib/z", "src/core/x", "src/core/deep/y",
          "src/core/ee/k", "src/other"]  # fmt: skip
_CONTENTS = ["one\n", "two\n", _REGION.format(1), _REGION.format(2) * 2]
_MALFORMED = ["# coreline:wrap-begin\nkept\n", "x\n# coreline:wrap-end\n"]
_FILES = st.one_of(
    st.tuples(st.sampled_from(["100644", "100755"]), st.sampled_from(_CONTENTS)),
    st.tuples(st.just("120000"), st.just("one")),
)
_OLD_FILES = st.one_of(_FILES, st.tuples(st.just("100644"), st.sampled_from(_MALFORMED)))
_MANIFESTS = st.sampled_from([_OLD, _NEW, "[core", None])


@st.composite
def _histories(draw: st.DrawFn) -> list[Any]:
    """Histories with merges, whose commits have manifests of their own, or none."""
    history: list[Any] = []
    count = draw(st.integers(3, 8))
    for number in range(count):
        parents = draw(st.sets(st.integers(0, number - 1), max_size=2)) if number > 1 else set()
        order = sorted({*parents, number - 1} if number else (), reverse=True)
        files = dict(history[order[0]][0]) if order else {}
        for parent in order[1:]:
            files |= history[parent][0] if draw(st.booleans()) else {}
        kinds = _FILES if number == count - 1 else _OLD_FILES
        files |= draw(st.dictionaries(st.sampled_from(_PATHS), kinds, max_size=4))
        manifest = draw(_MANIFESTS)
        files.pop("coreline.toml", None)
        if manifest is not None:
            files["coreline.toml"] = ("100644", manifest)
        history.append((files, order))
    # Markers at the head have to fit together.
    files, order = history[-1]
    right = {path: one for path, one in files.items() if one[1] not in _MALFORMED}
    history[-1] = (right, order)
    return history


def _sides(history: list[Any], ids: list[str], line: str) -> Callable[[str], Any]:
    """Return the side of a path, by the line of the commit that holds it."""
    today, old = parse_manifest(_NEW).line.side, parse_manifest(_OLD).line.side
    own = [files.get("coreline.toml", ("", ""))[1] == _OLD for files, _ in history]
    held = {
        name: old if one and line == "own" else today for name, one in zip(ids, own, strict=True)
    }
    return lambda commit: held[commit]


@pytest.mark.parametrize("line", ["own", "today"])
@given(_histories())
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_no_tree_differs(
    lab: Any, tmp_path_factory: pytest.TempPathFactory, line: str, history: list[Any]
) -> None:
    folder = tmp_path_factory.mktemp("walk")
    private = lab.repository(folder / "private.git", history)
    parsed = parse_manifest(_NEW + _RECIPE.format(line=line))
    policy = replace(policy_of(parsed, secrets=False), shared=lambda _path: True)
    recipe = recipe_of(parsed, private.folder)
    to = folder / "public.git"
    try:
        publish(private.folder, str(to), recipe, now=lab.now, policy=policy, run_size=3)
    except InputError as refused:
        if refused.code != "publish-nothing-core":
            raise
        return
    (ledger,) = (private.folder / "coreline" / "publish").glob("ledger-*")
    pairs = pairs_of(ledger)
    assert sorted(pairs) == sorted(private.ids)
    sides = _sides(history, private.ids, line)
    assert differing_under(private.folder, sides, _MOVED, pairs) == []
    # The walker is no yes-man: with one public commit in place of another, it sees the difference.
    trees = {public: lab.opened(to).git("rev-parse", f"{public}^{{tree}}")
             for public in set(pairs.values()) - {""}}  # fmt: skip
    last = pairs[private.ids[-1]]
    other = next((one for one in trees if last and trees[one] != trees[last]), None)
    if other is not None:
        wrong = {private.ids[-1]: other}
        assert differing_under(private.folder, sides, _MOVED, wrong) != []
