# SPDX-License-Identifier: Apache-2.0
"""Tokens and armor under random change: refused, or the same meaning; never another error."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from minting import CERTIFICATE, ROOT_KEY, license_file, license_token, revocation_list

from coreline_sdk.armor import Armor, read_armor, write_armor
from coreline_sdk.chain import Trust, read_public
from coreline_sdk.codes import Refused
from coreline_sdk.jws import (
    INTEGER_MAX,
    LICENSE_TYPE,
    Json,
    b64url_decode,
    b64url_encode,
    canonical_bytes,
    canonical_object,
    take_apart,
)
from coreline_sdk.verify import verify_license, verify_token

TRUST = Trust([ROOT_KEY])
FILE = license_file(revocation_list(1, "LIC-9"))
TOKEN = license_token()
SEEN = verify_license(FILE, TRUST, "converge")
FEW = settings(max_examples=200, deadline=None, derandomize=True)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-INTEGER_MAX, INTEGER_MAX) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=20,
)
payloads = st.dictionaries(st.text(max_size=8), json_values, max_size=6)
tokens = st.text(st.sampled_from("ABCxyz019-_."), min_size=1, max_size=300)


@FEW
@given(st.integers(0, len(FILE) - 1), st.integers(0, 255))
def test_any_changed_letter_of_a_file_is_refused_or_means_the_same(at: int, letter: int) -> None:
    changed = FILE[:at] + chr(letter) + FILE[at + 1 :]
    try:
        found = verify_license(changed, TRUST, "converge")
    except Refused:
        return
    assert found == SEEN


@FEW
@given(st.integers(0, len(TOKEN) - 1), st.sampled_from("ABab01-_.= \n"))
def test_any_changed_letter_of_a_token_is_refused(at: int, letter: str) -> None:
    changed = TOKEN[:at] + letter + TOKEN[at + 1 :]
    if changed != TOKEN:
        with pytest.raises(Refused):
            verify_token(changed, TRUST, (CERTIFICATE,))


@FEW
@given(st.integers(0, len(FILE)), st.integers(0, len(FILE)))
def test_any_part_cut_out_is_refused_or_means_the_same(start: int, end: int) -> None:
    try:
        found = verify_license(FILE[:start] + FILE[end:], TRUST, "converge")
    except Refused:
        return
    # Whole blocks may be missing, so a list can; what the license says cannot differ.
    assert found.claims == SEEN.claims


@FEW
@given(st.text())
def test_any_text_is_refused_without_another_error(text: str) -> None:
    with pytest.raises(Refused):
        verify_license(text, TRUST, None)
    with pytest.raises(Refused):
        take_apart(text, LICENSE_TYPE)
    with pytest.raises(Refused):
        read_public(text)


@FEW
@given(st.binary(max_size=200))
def test_any_bytes_as_payload_are_refused_or_read(raw: bytes) -> None:
    try:
        value = canonical_object(raw)
    except Refused:
        return
    assert canonical_bytes(value) == raw


@FEW
@given(payloads)
def test_payloads_come_back(payload: dict[str, Json]) -> None:
    assert canonical_object(canonical_bytes(payload)) == payload


@FEW
@given(st.binary(max_size=100))
def test_base64url_comes_back(raw: bytes) -> None:
    assert b64url_decode(b64url_encode(raw).encode()) == raw


@FEW
@given(st.binary(max_size=40))
def test_base64url_has_one_spelling(text: bytes) -> None:
    try:
        raw = b64url_decode(text)
    except Refused:
        return
    assert b64url_encode(raw).encode() == text


@FEW
@given(tokens, st.lists(tokens, max_size=2), st.lists(tokens, max_size=4))
def test_armor_comes_back(token: str, lists: list[str], certificates: list[str]) -> None:
    armor = Armor(license=token, revocations=tuple(lists), certificates=tuple(certificates))
    assert read_armor(write_armor(armor)) == armor


def test_nesting_beyond_the_limit_is_refused_without_recursion() -> None:
    for depth in (17, 500, 20_000):
        with pytest.raises(Refused, match="three parts"):
            canonical_object(b'{"a":' * depth + b"1" + b"}" * depth)
