# SPDX-License-Identifier: Apache-2.0
"""Edits leave every other byte and comment, whatever way the manifest is written."""

import re
import tomllib

from hypothesis import given, settings
from hypothesis import strategies as st

from coreline.manifest import edit
from coreline.manifest.parse import parse_manifest
from coreline.manifest.patch import literal

SETTINGS = settings(max_examples=200, deadline=None, derandomize=True)

# The same manifest, written in every way that TOML offers.

COMMENT = st.sampled_from(["", "", " # c1", '  # é, [x] = "y"'])
GAP = st.sampled_from(["", "", "\n", "# g1\n", "\n# g2 = [1]\n\n"])


@st.composite
def lists(draw: st.DrawFn, values: list[str]) -> str:
    if not values or draw(st.booleans()):
        comma = ", " if values and draw(st.booleans()) else ""
        return "[" + ", ".join(map(literal, values)) + comma + "]"
    if draw(st.booleans()):
        return "[" + ",\n    ".join(map(literal, values)) + draw(st.sampled_from([" ]", ",]"]))
    indent = draw(st.sampled_from(["  ", "\t", ""]))
    out = "[" + draw(COMMENT) + "\n"
    for index, value in enumerate(values):
        comma = "," if index < len(values) - 1 or draw(st.booleans()) else ""
        before = draw(st.sampled_from(["", "", f"{indent}# above\n"]))
        out += f"{before}{indent}{literal(value)}{comma}{draw(COMMENT)}\n"
    return out + draw(st.sampled_from(["", "  # below\n"])) + "]"


@st.composite
def manifests(draw: st.DrawFn) -> str:
    names = draw(st.lists(st.sampled_from("abcde"), unique=True, min_size=1, max_size=4))
    globs = draw(st.lists(st.sampled_from(["a/**", "b/*", "c", "d/e"]), unique=True, max_size=4))
    blocks = [
        f'[product]{draw(COMMENT)}\nname = "p"\nprimary = "x"\n',
        f'[core]\nspdx = "MIT"{draw(COMMENT)}\npaths = {draw(lists(globs))}{draw(COMMENT)}\n',
        '[wraps."w"]\nspdx = "LicenseRef-W"\n',
    ]
    style = draw(st.sampled_from(["tables", "dotted", "inline", "mixed", "root", "root-dotted"]))
    root = ""
    if style == "tables":
        keys = 'side = "core"\nprimary = true\n'
        blocks += [f"[features.{name}]{draw(COMMENT)}\n{keys}" for name in names]
    elif style == "dotted":
        pairs = [f"  {name}.side = 'core'\n  {name}.primary = true" for name in names]
        blocks.append("[features]\n" + "\n".join(pairs) + "\n")
    elif style == "inline":
        pairs = [f"{name} = {{ side = 'core', primary = true }}{draw(COMMENT)}" for name in names]
        blocks.append("[features]\n" + "\n".join(pairs) + "\n")
    elif style == "root":
        pairs = [f"{name} = {{ side = 'core', primary = true }}" for name in names]
        root = f"features = {{ {', '.join(pairs)} }}{draw(COMMENT)}\n"
    elif style == "root-dotted":
        pairs = [f"{name}.side = 'core', {name}.primary = true" for name in names]
        root = f"features = {{{', '.join(pairs)}}}{draw(COMMENT)}\n"
    else:
        first, *rest = names
        blocks.append(f"[features]\n{first} = {{side='core', primary=true}}\n")
        blocks += [f"[ features . '{name}' ]\nside = 'core'\n" for name in rest]
    blocks.append(f"[editions.x]\nfeatures = {draw(lists([]))}\n")
    order = draw(st.permutations(blocks))
    text = draw(GAP) + root + "".join(block + draw(GAP) for block in order)
    if draw(st.booleans()):
        text = text.rstrip("\n")
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    parse_manifest(text)
    return text


def comments(text: str) -> list[str]:
    return re.findall(r"# (?:c1|é, \[x\] = \"y\"|g1|g2 = \[1\]|above|below)", text)


def is_inserted_into(old: str, new: str) -> bool:
    rest = iter(new)
    return all(char in rest for char in old)


@SETTINGS
@given(manifests(), st.sampled_from(["z/**", "*.md", 'q"uote/*', "é/**"]))
def test_adding_only_inserts_and_removing_gives_the_text_back(text: str, pattern: str) -> None:
    added = edit.add_claim(text, ("core",), pattern)
    assert parse_manifest(added).manifest.core.paths[-1] == pattern
    assert comments(added) == comments(text)
    assert is_inserted_into(text, added)
    removed = edit.remove_claim(added, ("core",), pattern)
    assert tomllib.loads(removed) == tomllib.loads(text)
    assert comments(removed) == comments(text)


@SETTINGS
@given(manifests(), st.data())
def test_removing_a_claim_only_takes_its_own_comment(text: str, data: st.DataObject) -> None:
    paths = parse_manifest(text).manifest.core.paths
    if not paths:
        return
    gone = data.draw(st.sampled_from(paths))
    removed = edit.remove_claim(text, ("core",), gone)
    assert parse_manifest(removed).manifest.core.paths == [one for one in paths if one != gone]
    assert is_inserted_into(removed, text)
    assert len(comments(text)) - len(comments(removed)) in (0, 1)


@SETTINGS
@given(manifests(), st.data())
def test_features_are_set_added_renamed_and_removed(text: str, data: st.DataObject) -> None:
    before = parse_manifest(text).manifest
    name = data.draw(st.sampled_from([*before.features, "new-one"]))
    changed = edit.set_feature(text, name, side="core", title="T|t", primary=True)
    after = parse_manifest(changed).manifest
    assert after.features[name].title == "T|t"
    assert comments(changed) == comments(text)
    assert [one for one in after.features if one != "new-one"] == list(before.features)
    renamed = edit.rename(changed, "features", name, "zz")
    assert set(parse_manifest(renamed).manifest.features) == {*after.features} - {name} | {"zz"}
    assert comments(renamed) == comments(text)
    if any(one.primary for key, one in after.features.items() if key != name):
        gone = edit.remove_table(renamed, "features", "zz")
        assert is_inserted_into(gone, renamed)
