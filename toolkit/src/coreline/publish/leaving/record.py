# SPDX-License-Identifier: Apache-2.0
"""The record of a publication: what left, under which rule, and what was proven. Signed or not.

It is a token (RFC 7515) of the vendor's leaf key beside what it says in plain, so a person can read
it and anybody who has the vendor's root key can check it. The key is one for releases, or one that
signs licenses, as all were once; the type of the token keeps the two apart.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from coreline.errors import InputError

if TYPE_CHECKING:
    from coreline.licensing.keys import SigningKey
    from coreline_sdk.jws import Json

PUBLICATION_TYPE = "coreline-publication+jwt"
"""The type of the token, so that no license or lease can pass for a record."""

_VERSION = 1
_IDS = ("private", "public")
BYTES_MAX = 256 * 1024
"""A record of more bytes is none."""


def publication(
    *,
    branch: str,
    private: bytes,
    public: bytes,
    branches: Mapping[str, str],
    rule: str,
    recipe: Mapping[str, object] | None,
    commits: int,
    tags: int,
    left: Mapping[str, object],
    proven: list[str],
    skipped: list[str],
    now: datetime,
) -> "dict[str, Json]":
    """Return what a record says: of ``branches`` too, where there are several (public names and
    ids); ``recipe`` is None where it must stay private."""
    said: dict[str, Any] = {
        "v": _VERSION,
        "iat": int(now.timestamp()),
        "at": now.isoformat(timespec="seconds"),
        "branch": branch,
        "private": private.hex(),
        "public": public.hex(),
        "rule": rule,
        "counts": {"commits": commits, "tags": tags, **left},
        "proven": proven,
        "skipped": skipped,
    }
    if len(branches) > 1:
        said["branches"] = dict(branches)
    if recipe is not None:
        said["recipe"] = recipe
    # Nothing but JSON, and no half character: it is signed in its only form.
    text = json.dumps(said).encode("utf-8", "replace")
    plain: dict[str, Json] = json.loads(text)
    return plain


def record_text(said: "dict[str, Json]", key: "SigningKey | None") -> str:
    """Return the file of a record, signed where there is a key."""
    whole: dict[str, Json] = {"record": said}
    if key is not None:
        from coreline_sdk.jws import sign

        whole["token"] = sign(said, typ=PUBLICATION_TYPE, kid=key.kid, key=key.private)
        whole["certificate"] = key.certificate
    return json.dumps(whole, indent=2, sort_keys=True) + "\n"


@dataclass(frozen=True)
class Opened:
    """A record that was read; ``signer`` is the id of the key whose signature was checked."""

    said: "dict[str, Json]"
    signer: str | None
    is_signed: bool

    def text(self, key: str) -> str:
        """Return a text of it; empty where it has none."""
        value = self.said.get(key)
        return value if isinstance(value, str) else ""

    def counted(self, key: str) -> int | None:
        """Return a count of it."""
        counts = self.said.get("counts")
        value = counts.get(key) if isinstance(counts, dict) else None
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    @property
    def tips(self) -> list[str]:
        """The public commits that it is about: one, or the newest of each branch."""
        value = self.said.get("branches")
        more = value.values() if isinstance(value, dict) else ()
        ids = [self.text("public"), *(one for one in more if isinstance(one, str))]
        return list(dict.fromkeys(one for one in ids if _is_id(one)))

    @property
    def recipe(self) -> "dict[str, Json] | None":
        """What the public may know of the recipe."""
        value = self.said.get("recipe")
        return value if isinstance(value, dict) else None


def open_record(data: bytes, root_key: str | None) -> Opened:
    """Read a record and, where the root key is known, check its signature.

    Args:
        data: the file.
        root_key: the line that the vendor's products carry; None to believe without checking.

    Raises:
        InputError: it is no record (``record-malformed``), is not signed though a root key is
            given (``record-unsigned``), or its signature is refused (``record-refused``).
    """
    whole = _json(data)
    said, token, certificate = (whole.get(key) for key in ("record", "token", "certificate"))
    if whole.keys() - {"record", "token", "certificate"} or not _is_record(said):
        raise _malformed()
    assert isinstance(said, dict)
    is_signed = isinstance(token, str) and isinstance(certificate, str)
    if root_key is None:
        return Opened(said, None, is_signed)
    if not (isinstance(token, str) and isinstance(certificate, str)):
        raise InputError(
            "record-unsigned",
            "The record is not signed.",
            "Ask the vendor for a signed one (coreline publish --key), or leave out --root-key.",
        )
    # Signatures need a large library; publishing without a key does not.
    from coreline_sdk.chain import Trust, check_use, leaf_for
    from coreline_sdk.claims import RELEASE
    from coreline_sdk.codes import Refused
    from coreline_sdk.jws import read_verified, take_apart

    try:
        opened = take_apart(token, PUBLICATION_TYPE)
        leaf = leaf_for(Trust([root_key.strip()]).leaves([certificate]), opened.kid)
        signed = read_verified(opened, leaf.key)
        at = signed.get("iat")
        purpose = RELEASE if RELEASE in leaf.claims.purposes else "license"
        check_use(leaf.claims, purpose, at if isinstance(at, int) else 0)
    except Refused as refused:
        raise InputError(
            "record-refused",
            f"The record's signature does not count: {refused.sentence}",
            "Check that the root key is the vendor's and that the record is whole.",
        ) from refused
    if signed != said:
        raise InputError(
            "record-refused",
            "The record says something else than what was signed.",
            "Do not believe it; ask the vendor.",
        )
    return Opened(said, opened.kid, is_signed=True)


def _json(data: bytes) -> "dict[str, Json]":
    if len(data) > BYTES_MAX:
        raise _malformed()
    try:
        whole: Json = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _malformed() from error
    if not isinstance(whole, dict):
        raise _malformed()
    return whole


def _is_record(said: "Json") -> bool:
    if not isinstance(said, dict) or said.get("v") != _VERSION:
        return False
    ids = [said.get(key) for key in _IDS]
    return all(isinstance(one, str) and _is_id(one) for one in ids)


def _is_id(text: str) -> bool:
    return len(text) == 40 and not set(text) - set("0123456789abcdef")


def _malformed() -> InputError:
    return InputError(
        "record-malformed",
        "This is no record of a publication.",
        "Name a file that coreline publish --record wrote, or the note of the public tip.",
    )
