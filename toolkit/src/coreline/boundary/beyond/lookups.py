# SPDX-License-Identifier: Apache-2.0
"""The string that a look-up helper is called with, in any language."""

import re

REACH = 400
_SPACE = rb"(?:\s|\#[^\n]*\n|//[^\n]*\n|/\*.{0,200}?\*/)*"
_CALL = re.compile(
    # A call with or without brackets (Ruby), generic arguments (TypeScript), and a keyword.
    rb"\s*(?:<[^<>()]{0,100}>)?(?:\(|[ \t]+(?=[\"':]))"
    + _SPACE
    + rb"(?:\w+\s*[=:](?![=:])"
    + _SPACE
    + rb")?(?:(?P<quote>[\"'`])(?P<text>[^\"'`\n]{1,300})(?P=quote)|:(?P<symbol>\w+))",
    re.DOTALL,
)
_NEXT = re.compile(rb"(?:\s|\\\n)*[\"']([^\"'\n]{0,300})[\"']")
_NAME = re.compile(rb"[\w./:@\\-]+")


def asked_for(data: bytes, end: int) -> str | None:
    """Return the module that a helper is asked for, None where it is not written out.

    Args:
        data: the file.
        end: the offset after the helper's name.
    """
    match = _CALL.match(data, end, end + REACH)
    if match is None:
        return None
    text = match["text"] or match["symbol"]
    # Strings side by side are one in Python.
    while (more := _NEXT.match(data, match.end(), match.end() + REACH)) is not None:
        text, match = text + more[1], more
    return text.decode("utf-8", "replace") if _NAME.fullmatch(text) else None


_HANDED = re.compile(rb"\s*\(\s*(?:\w+\s*=\s*)?([A-Za-z_]\w*)\s*[,)]")


def handed_on(data: bytes, end: int) -> str:
    """Return the variable that a helper is handed first, or "" where it is something else."""
    match = _HANDED.match(data, end, end + REACH)
    return match[1].decode() if match else ""


_CONSTANT = re.compile(rb"((?:::)?[A-Z]\w*(?:::[A-Z]\w*){0,20})\s{0,20}\.\s{0,20}$")
_ARGUED = re.compile(rb"[ \t]*\(\s*[^\s)]|[ \t]+[\w\"':\[{]")


def asked_of(data: bytes, start: int, end: int) -> str | None:
    """Return the constant of Ruby that a helper without arguments is called on: its own name is
    what is looked up (``Project.prepend_mod``). None where there is none.

    Args:
        data: the file.
        start: the offset of the helper's name.
        end: the offset after it.
    """
    constant = _CONSTANT.search(data, max(0, start - REACH), start)
    if constant is None or _ARGUED.match(data, end, end + REACH):
        return None
    return constant[1].decode().removeprefix("::")
