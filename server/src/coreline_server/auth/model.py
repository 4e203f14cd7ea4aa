# SPDX-License-Identifier: Apache-2.0
"""Callers, API tokens and entries of the audit log as values."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

Scope = Literal["admin", "upload"]
SCOPES: tuple[Scope, ...] = ("admin", "upload")


class Caller(Struct, frozen=True):
    """Who asks: the console's user, or the bearer of an API token."""

    name: str
    scope: Scope


class ApiToken(Struct, frozen=True, kw_only=True):
    """An API token without its secret, which is shown once and kept only as a hash."""

    id: str
    name: str
    scope: Scope
    created: datetime
    revoked: datetime | None = None


class NewApiToken(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is asked for: a token with a name that says where it is used."""

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    scope: Scope = "upload"


class IssuedApiToken(Struct, frozen=True, kw_only=True):
    """A new token, with its secret: the only time that it is shown."""

    id: str
    name: str
    scope: Scope
    token: str


class Setup(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The setup link's token, and the password to set."""

    token: Annotated[str, Meta(max_length=200)]
    password: Annotated[str, Meta(max_length=1024)]


class SetupDone(Struct, frozen=True):
    """An API token with the scope admin, so that a script can go on from here."""

    api_token: str


class AuditEntry(Struct, frozen=True, kw_only=True):
    """One admin action. Its hash covers the hash of the entry before it.

    Attributes:
        sequence: 1 for the first entry, without gaps.
        at: seconds since 1970, UTC.
        who: the caller's name.
        what: the action, such as ``license.issue``.
        subject: what it was done to, such as a license id.
    """

    sequence: int
    at: int
    who: str
    what: str
    subject: str
    previous: bytes
    hash: bytes
