# SPDX-License-Identifier: Apache-2.0
"""The parts of a recipe, each alone: messages, people, regions, paths."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coreline.errors import InputError
from coreline.manifest.model import MessageRule, PathMap
from coreline.publish.moved_proof import _stripped
from coreline.publish.recipe.commit_ids import PRIVATE
from coreline.publish.recipe.messages import Messages
from coreline.publish.recipe.paths import Paths
from coreline.publish.recipe.people import People
from coreline.publish.recipe.regions import without_regions

NOBODY = People("", None, ())


def nothing(_text: str) -> str | None:
    return None


def messages(
    *rules: tuple[str, str], drop: tuple[str, ...] = (), people: People = NOBODY, ids: bool = False
) -> Messages:
    made = [MessageRule(match=match, replace=replace) for match, replace in rules]
    return Messages(made, drop, people, commit_ids=ids)


def test_rules_hold_within_lines_in_order_and_leave_no_empty_line_behind() -> None:
    said = messages((r"JIRA-(\d+)", r"#\1"), ("#7", "seven"), (r"^See https://in\.example/.*", ""))
    raw = b"Fix JIRA-7\n\nSee https://in.example/7\nand JIRA-8\n"
    assert said.public(raw, b"", nothing) == b"Fix seven\n\nand #8\n"


def test_trailers_are_left_out_with_their_continuations_and_only_there() -> None:
    said = messages(drop=("internal-review",))
    raw = (
        b"Subject\n\nInternal-Review: this line is prose\nand so is this.\n\n"
        b"Internal-Review: Bob\n  and Carol\nSigned-off-by: A <a@x.example>\n"
    )
    assert said.public(raw, b"", nothing) == (
        b"Subject\n\nInternal-Review: this line is prose\nand so is this.\n\n"
        b"Signed-off-by: A <a@x.example>\n"
    )


def test_people_in_trailers_are_changed_as_authors_are() -> None:
    people = People("Ann <ann@public.example> <ann@corp.example>\n", None, ())
    raw = b"S\n\nCo-authored-by: A. <ann@corp.example>\nLink: <ann@corp.example>\n"
    assert messages(people=people).public(raw, b"", nothing) == (
        b"S\n\nCo-authored-by: Ann <ann@public.example>\nLink: <ann@corp.example>\n"
    )


def test_ids_become_what_they_are_in_public_and_others_stay() -> None:
    known = {"abcdef1": "1234567890ab", "0" * 40: PRIVATE}
    raw = b"Revert abcdef1 and " + b"0" * 40 + b", not abcdef2, v1.abcdef1 or abcdef1x\n"
    assert messages(ids=True).public(raw, b"", known.get) == (
        b"Revert 1234567890ab and (private), not abcdef2, v1.abcdef1 or abcdef1x\n"
    )


@pytest.mark.parametrize(
    ("encoding", "raw", "public"),
    [
        (b"encoding ISO-8859-1\n", b"caf\xe9 X\n", b"caf\xe9 Y\n"),
        (b"encoding UTF-16\n", b"caf\xe9 X\n", b"caf\xe9 Y\n"),
        (b"encoding nonsense\n", b"\xff X\n", b"\xff Y\n"),
        (b"", b"\xff\xfe X\n", b"\xff\xfe Y\n"),
        (b"", "ünï X".encode(), "ünï Y".encode()),
    ],
)
def test_messages_keep_their_bytes_whatever_their_encoding(
    encoding: bytes, raw: bytes, public: bytes
) -> None:
    assert messages(("X", "Y")).public(raw, encoding, nothing) == public


@settings(deadline=None, derandomize=True, max_examples=150)
@given(st.binary(max_size=200), st.sampled_from([b"", b"encoding latin-1\n", b"encoding cp037\n"]))
def test_a_message_that_no_rule_meets_stays_to_the_byte(raw: bytes, encoding: bytes) -> None:
    said = messages(("no message says this", ""), drop=("Nor-This",), ids=True)
    assert said.public(raw, encoding, nothing) == raw


@pytest.mark.parametrize("rule", [("(", ""), ("a", r"\2")])
def test_a_malformed_rule_is_a_mistake(rule: tuple[str, str]) -> None:
    with pytest.raises(InputError, match="is no rule on messages") as caught:
        messages(rule)
    assert caught.value.code == "publish-message-rule"


def test_the_map_of_people_is_read_as_git_reads_it() -> None:
    people = People(
        "# comment\n\nProper <a@x.example>\n<new@x.example> <old@x.example>\n"
        "P B <b@x.example> <B@Y.example>\nOne <one@x.example> Bot A <bot@y.example>  # why\n",
        None,
        (),
    )
    shown = {
        b"a <A@x.example> 1 +0": b"Proper <A@x.example> 1 +0",
        b"N <old@x.example> 1 +0": b"N <new@x.example> 1 +0",
        b"z <b@y.example> 1 +0": b"P B <b@x.example> 1 +0",
        b"bot a <bot@y.example> 1 +0": b"One <one@x.example> 1 +0",
        b"bot b <bot@y.example> 1 +0": b"bot b <bot@y.example> 1 +0",
        b"no address": b"no address",
    }
    assert {raw: people.public(raw) for raw in shown} == shown


def test_the_bot_stands_for_the_vendor_and_never_for_an_outsider() -> None:
    people = People(
        "Ann <ann@x.example> <ann@corp.example>", "Bot <bot@x.example>", ["corp.example"]
    )
    assert people.public(b"Zed <z@eu.CORP.example> 1 +0") == b"Bot <bot@x.example> 1 +0"
    assert people.public(b"Ann <ann@corp.example> 1 +0") == b"Ann <ann@x.example> 1 +0"
    assert people.public(b"O <o@notcorp.example> 1 +0") == b"O <o@notcorp.example> 1 +0"


@pytest.mark.parametrize(("mailmap", "bot"), [("nobody", None), ("", "Bot"), ("", "<b@x.example>")])
def test_malformed_people_are_a_mistake(mailmap: str, bot: str | None) -> None:
    with pytest.raises(InputError) as caught:
        People(mailmap, bot, ())
    assert caught.value.code == "publish-people-malformed"


@pytest.mark.parametrize(
    ("data", "public"),
    [
        (b"a\n", b"a\n"),
        (b"a\n# coreline:wrap-begin\nx\n# coreline:wrap-end\nb\n", b"a\nb\n"),
        (b"/* coreline:wrap-begin ee */\nx\n/* coreline:wrap-end */", b""),
        (b"a\n<!-- coreline:wrap-begin ee-->\nx\n  //coreline:wrap-end\r\nb", b"a\nb"),
        (
            b"a\n#coreline:wrap-begin\n#coreline:wrap-end\n#coreline:wrap-begin\n#coreline:wrap-end",
            b"a",
        ),
        (b"# coreline:wrap-begin\nx\n", None),
        (b"# coreline:wrap-end\n# coreline:wrap-begin\n", None),
        (b"# coreline:wrap-begin\n# coreline:wrap-begin\n# coreline:wrap-end\n", None),
        (b"x = 1  # coreline:wrap-begin\n# coreline:wrap-end\n", None),
        (b"# coreline:wrap-start\n", None),
        (b"# coreline:wrap-begin this is long\n# coreline:wrap-end\n", None),
        (b"# coreline:wrap-begin coreline:wrap-end\n", None),
    ],
)
def test_regions_are_left_out_or_the_whole_file_is(data: bytes, public: bytes | None) -> None:
    assert without_regions(data) == public
    assert (_stripped(data) if b"coreline:wrap-" in data else data) == public


_LINES = st.sampled_from(
    [
        b"a",
        b"",
        b"\r",
        b"# coreline:wrap-begin",
        b"# coreline:wrap-end",
        b"-- coreline:wrap-end x",
        b"coreline:wrap-begin-",
        b"// coreline:wrap-begin e_e -->",
        b"x coreline:wrap-end",
        b"coreline:wrap-beginner",
    ]
)


@settings(deadline=None, derandomize=True, max_examples=400)
@given(st.lists(_LINES, max_size=9))
def test_what_makes_and_what_proves_regions_agree(lines: list[bytes]) -> None:
    data = b"\n".join(lines)
    made = without_regions(data)
    assert (_stripped(data) if b"coreline:wrap-" in data else data) == made
    if made is not None and b"coreline:wrap-" in data:
        assert b"coreline:" not in made


PATHS = Paths(
    [
        PathMap(private="src/core/**", public="**"),
        PathMap(private="src/core/docs", public="manual"),
        PathMap(private="tools", public="contrib/tools/"),
    ]
)


@pytest.mark.parametrize(
    ("private", "public"),
    [
        ("src/core/a/b.py", "a/b.py"),
        ("src/core/docs/x", "manual/x"),
        ("tools/t", "contrib/tools/t"),
        ("README.md", "README.md"),
        ("src/core", "src/core"),
        ("src/corely/a", "src/corely/a"),
    ],
)
def test_folders_stand_elsewhere_in_public_and_come_back(private: str, public: str) -> None:
    assert PATHS.public(private) == public
    assert private in PATHS.private(public)


def test_the_deepest_public_folder_is_the_likeliest() -> None:
    assert PATHS.private("manual/x") == ["src/core/docs/x", "src/core/manual/x", "manual/x"]


@pytest.mark.parametrize("rows", [[("a", "b"), ("a/", "c")], [("", "x")], [("**", "x"), ("a", "")]])
def test_maps_that_fight_are_a_mistake(rows: list[tuple[str, str]]) -> None:
    with pytest.raises(InputError) as caught:
        Paths([PathMap(private=private, public=public) for private, public in rows])
    assert caught.value.code == "publish-paths-overlap"
