# SPDX-License-Identifier: Apache-2.0
"""Cursors: where a page of a list ended. Rows added meanwhile shift nothing."""

import base64
import binascii
from collections.abc import Callable
from typing import NamedTuple, TypeVar

from coreline.errors import InputError
from coreline_server.licensing.model import Page

T = TypeVar("T")

LIMIT = 50
LIMIT_MAX = 500


class Cursor(NamedTuple):
    """The last row of a page: when it was made, and its id among those of the same second."""

    created_at: int
    id: str


def encode(cursor: Cursor) -> str:
    """Write a cursor as an opaque text."""
    text = f"{cursor.created_at}.{cursor.id}"
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def decode(text: str | None) -> Cursor | None:
    """Read a cursor.

    Raises:
        InputError: no page of ours ended so (``cursor-invalid``).
    """
    if text is None:
        return None
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        created_at, row_id = raw.decode().split(".", 1)
        if len(created_at) > 12 or not created_at.isascii():
            raise ValueError
        return Cursor(int(created_at), row_id)
    except (ValueError, binascii.Error) as error:
        raise InputError(
            "cursor-invalid",
            "The cursor is not one of ours.",
            "Pass the `next` of the page before, or none for the first page.",
        ) from error


def cut(found: list[T], limit: int, cursor_of: Callable[[T], Cursor]) -> Page[T]:
    """Make a page of a list that was asked for with one more than the limit."""
    if len(found) <= limit:
        return Page(found, None)
    items = found[:limit]
    return Page(items, encode(cursor_of(items[-1])))
