# SPDX-License-Identifier: Apache-2.0
"""Passwords, secrets, forms and the chain of the audit log."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from coreline.errors import InputError
from coreline_server.auth import rules
from coreline_server.auth.model import AuditEntry

SALT = bytes(range(16))


def test_a_password_is_kept_with_its_parameters_and_matches_only_itself() -> None:
    kept = rules.keep_password("correct horse battery", SALT)
    assert kept.startswith("scrypt$32768$8$3$")
    assert "horse" not in kept
    assert rules.password_matches("correct horse battery", kept)
    assert not rules.password_matches("correct horse batterY", kept)


def test_a_password_of_older_parameters_still_matches() -> None:
    cheap = "scrypt$16$8$1$" + "$".join(
        [rules._text(SALT), rules._text(rules._scrypt("old", SALT, 16, 8, 1))]
    )
    assert rules.password_matches("old", cheap)
    assert not rules.password_matches("new", cheap)


def test_an_unknown_method_matches_nothing() -> None:
    assert not rules.password_matches("", "plain$1$1$1$$")


@pytest.mark.parametrize(("password", "good"), [("x" * 11, False), ("x" * 12, True), ("", False)])
def test_length_is_what_counts(password: str, good: bool) -> None:
    if good:
        rules.require_good_password(password)
        return
    with pytest.raises(InputError) as caught:
        rules.require_good_password(password)
    assert caught.value.code == "password-too-short"


def test_secrets_say_what_they_are_and_compare_by_hash() -> None:
    secret = rules.secret_of("cla", bytes(32))
    assert secret.startswith("cla_")
    assert rules.same_secret(rules.digest_of(secret), secret)
    assert not rules.same_secret(rules.digest_of(secret), secret + "x")


@pytest.mark.parametrize(
    ("origin", "site", "allowed"),
    [
        ("http://vendor.example", "same-origin", True),
        ("http://vendor.example", None, True),
        (None, None, True),
        (None, "none", True),
        ("http://evil.example", None, False),
        ("null", None, False),
        (None, "cross-site", False),
        (None, "same-site", False),
        ("http://vendor.example.evil.example", None, False),
    ],
)
def test_only_our_own_pages_post(origin: str | None, site: str | None, allowed: bool) -> None:
    assert rules.from_own_page(origin, site, "vendor.example") is allowed


@pytest.mark.parametrize(
    ("held", "needed", "allowed"),
    [
        ("admin", "admin", True),
        ("admin", "upload", True),
        ("upload", "upload", True),
        ("upload", "admin", False),
    ],
)
def test_scopes(held: rules.Scope, needed: rules.Scope, allowed: bool) -> None:
    assert rules.allows(held, needed) is allowed


def chain(actions: list[str]) -> list[AuditEntry]:
    entries: list[AuditEntry] = []
    previous = rules.GENESIS
    for number, what in enumerate(actions, start=1):
        entry = AuditEntry(
            sequence=number,
            at=number,
            who="t",
            what=what,
            subject="s",
            previous=previous,
            hash=b"",
        )
        entry = replace(entry, hash=rules.audit_hash(entry))
        entries.append(entry)
        previous = entry.hash
    return entries


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.lists(st.text(max_size=5), min_size=2, max_size=8), st.data())
def test_every_change_of_the_log_is_found(actions: list[str], data: st.DataObject) -> None:
    entries = chain(actions)
    assert rules.first_broken(entries) is None
    at = data.draw(st.integers(0, len(entries) - 2))
    changed = [*entries]
    changed[at] = replace(changed[at], who="someone else")
    assert rules.first_broken(changed) == at + 1
    removed = entries[:at] + entries[at + 1 :]
    assert rules.first_broken(removed) == at + 1
    swapped = [*entries]
    swapped[at], swapped[at + 1] = swapped[at + 1], swapped[at]
    assert rules.first_broken(swapped) == at + 1
