# SPDX-License-Identifier: Apache-2.0
"""How code of any language reads a name: an environment variable, a setting, a table of SQL.

What stands before a name says what it is, and what stands after it whether there is a default.
"""

import re
from typing import NamedTuple

from coreline.boundary.facts import DefinitionKind

REACH = 120
"""So many bytes on each side of a name are looked at."""

_OPEN = rb"\s*[\[(]\s*[\"'`:]?"
ENVIRONMENT = (
    rb"(?:\bprocess\.env(?:\?\.|\.|\[\s*[\"'`])|\bimport\.meta\.env\."
    rb"|(?:\benviron(?:\.get|\.setdefault|\.pop)?|\b_?getenv|\bENV(?:\.fetch|\.key\?|\.has_key\?)?"
    rb"|\bGetenv|\bLookupEnv|\benv::var(?:_os)?|\b(?:option_)?env!|\bGetEnvironmentVariable"
    rb"|\$_(?:ENV|SERVER)|(?<![\w.])env(?:\.\w+)?)" + _OPEN + rb")"
)
"""The regular expression of what stands before an environment variable where it is read."""

_ENVIRONMENT = re.compile(ENVIRONMENT + rb"$")
_SETTING = re.compile(
    rb"(?:\b\w*(?:settings|Settings|config|Config)|\bconf|\bRails\.application\.config(?:\.x)?)"
    rb"(?:\(\))?\s*\??(?:\.|->|::)\s*$"
)
_GETATTR = re.compile(rb"\b(getattr|hasattr)\s*\(\s*\w*(?:settings|config|conf)\s*,\s*[\"']$")
_SETATTR = re.compile(rb"\b(?:setattr|delattr)\s*\(\s*\w*(?:settings|config|conf)\s*,\s*[\"']$")
_SQL = re.compile(
    rb"(?i)\b(?:from|join|into|update|table|only|references|truncate)\s+"
    rb"(?:if\s+(?:not\s+)?exists\s+)?[\"`\[]?(?:\w+[\"`\]]?\.[\"`\[]?)?$"
)
_QUOTED = re.compile(rb"([\"'`]|(?<![\w:]):)$")
# What gives another value where there is none.
_DEFAULT = re.compile(
    rb"^[\"'`]?\s*(?:,\s*[^\s)]|[\])]*\s*(?:\|\||\?\?|\bor\b|\?:)|\]?\)?\.(?:unwrap_or|ok\(|orElse))"
)
_ASSIGN = re.compile(rb"^[\"'`]?\]?\s*(?::[^=\n]{1,80})?(?:\|\||\?\?)?=(?![=>~])")
_SHELL = re.compile(rb"\$\{?$")
_AT_START = re.compile(
    rb"(?:^|\n)[ \t]*(?:(?:export|ENV|ARG|const|set)[ \t]+|-[ \t]*[\"']?|#[ \t]*)?[\"']?$"
)
_VALUE = re.compile(rb"^[\"']?\s*(?:=(?!=)|:(?![:=])|\s[^\s=]|[\"'\r\n]|$)")


class Read(NamedTuple):
    """How a place in code uses a name."""

    kind: DefinitionKind
    needed: bool
    guard: str | None = None
    """``default`` where code has another value, ``probe`` where it only asks for it."""


def read_of(data: bytes, start: int, end: int, *, is_string: bool) -> Read | None:
    """Return how a name is read, None where it is not.

    Args:
        data: the file.
        start: the offset of the name.
        end: the offset after it.
        is_string: whether it stands in a string: a query of SQL does, an attribute does not.
    """
    before, after = data[max(0, start - REACH) : start], data[end : end + REACH]
    guard = "default" if _DEFAULT.match(after) else None
    if _ENVIRONMENT.search(before):
        # Elsewhere a variable that is not set is an empty value.
        fails = re.search(rb"(?:\benviron\s*\[|\bENV\.fetch\s*\(|\benv!)[^\[(]*$", before)
        return Read("environment", guard is None and fails is not None, guard)
    if not is_string and _SETTING.search(before):
        return None if _ASSIGN.match(after) else Read("setting", True, guard_of_attribute(after))
    found = _GETATTR.search(before)
    if found:
        if found[1] == b"hasattr":
            return Read("setting", False, "probe")
        return Read("setting", guard is None, guard)
    if is_string and _SQL.search(before):
        return Read("table", True)
    return _quoted(before, after)


def guard_of_attribute(after: bytes) -> str | None:
    """Return ``default`` where an attribute that may be missing is replaced by something."""
    return "default" if re.match(rb"^\s*(?:\?\?|\|\|)", after) else None


def _quoted(before: bytes, after: bytes) -> Read | None:
    quote = _QUOTED.search(before)
    if quote is None or (quote[1] != b":" and not after.startswith(quote[1])):
        return None
    return Read("message", False)


def defines(data: bytes, start: int, end: int) -> tuple[DefinitionKind, ...]:
    """Return what a name is made to be at a place of the core: then it is not a wrap's alone."""
    before, after = data[max(0, start - REACH) : start], data[end : end + REACH]
    if _SETATTR.search(before) or (_SETTING.search(before) and _ASSIGN.match(after)):
        return ("setting",)
    if re.search(rb"(?i)\bcreate\s+table\s+(?:if\s+not\s+exists\s+)?[\"`\[]?(?:\w+\.)?$", before):
        return ("table",)
    if re.search(rb"\b(?:db_table|__tablename__|table_name)\s*[=:]\s*[\"']$", before):
        return ("table",)
    if re.search(rb"\bcreate_table[\s(]\s*[:\"']$", before):
        return ("table",)
    if _AT_START.search(before):
        if _ASSIGN.match(after):
            return ("setting", "environment")
        if _VALUE.match(after):
            is_key = before.endswith((b'"', b"'"))
            return ("environment", "message", "flag") if is_key else ("environment",)
    # A string that a constant or a field of the core is given, or a key of a table of it.
    if re.search(rb"(?:^|[\n,{])\s*[\"']$", before) and re.match(rb"^[\"']\s*(?::|=>)", after):
        return ("message", "flag")
    if re.search(
        rb"(?:^|[\n,{(;])\s*(?:\w+\s+)*[\w.]+\s*(?::[^=\n]{0,60})?(?::=|=)\s*[\"'`]$", before
    ):
        return ("message", "flag")
    return ()
