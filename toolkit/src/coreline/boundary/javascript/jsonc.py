# SPDX-License-Identifier: Apache-2.0
"""JSON as configurations of TypeScript are written: with comments and commas too many."""

import re

import msgspec

# A string is matched first, so that what looks like a comment in it stays.
_TOKEN = re.compile(r'("(?:[^"\\\n]|\\.)*")|//[^\n]*|/\*.*?(?:\*/|\Z)', re.DOTALL)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_COMMA = re.compile(r'("(?:[^"\\\n]|\\.)*")|,(?=\s*[}\]])')


def loads(data: bytes) -> object:
    """Return the value that a file of JSON with comments holds.

    Raises:
        ValueError: it is none.
        RecursionError: it is nested too deeply.
    """
    try:
        return strict(data)
    except ValueError:
        text = _TOKEN.sub(lambda match: match[1] or " ", data.decode("utf-8-sig"))
        return strict(_COMMA.sub(lambda match: match[1] or "", text).encode())


def strict(data: bytes) -> object:
    """Return the value that a file of JSON holds.

    Raises:
        ValueError: it is none.
        RecursionError: it is nested too deeply.
    """
    try:
        value: object = msgspec.json.decode(data.removeprefix(_BYTE_ORDER_MARK))
    except msgspec.MsgspecError as error:
        raise ValueError(str(error)) from error
    return value


def table(value: object, key: str) -> dict[str, object]:
    """Return an object below a key, an empty one where there is none."""
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def texts(value: object) -> list[str]:
    """Return a string, or the strings of a list, as a list."""
    if isinstance(value, str):
        return [value]
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
