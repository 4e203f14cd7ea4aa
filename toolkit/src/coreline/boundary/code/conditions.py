# SPDX-License-Identifier: Apache-2.0
"""Whether a condition asks for a flag, and which, from its text: all languages of braces alike.

``flag_names`` says which names are flags. What is asked about the data of the moment is none.
"""

import re
from collections.abc import Callable

from coreline.boundary.flag_names import asks, holds_settings, is_constant

_LENGTH_MAX = 60
_TEXT_MAX = 4000
_CLAUSE = re.compile(r"&&|\|\||\b(?:and|or)\b")
_COMPARED = re.compile(r"[!=]==?|\s[<>]=?\s|\binstanceof\b|\bis\b")
_NAME = re.compile(
    r"(?<![\w$\"'])(\$?[^\W\d]\w*(?:(?:\?|!!)?(?:\.|->|::)\$?[^\W\d]\w*)*)\s*(!?\()?"
)
_PARTS = re.compile(r"(?:\?|!!)?(?:\.|->|::)")
_BRACKET = re.compile(r"[()]")
_STRING = re.compile(r"\"([^\"\\]*)\"|'([^'\\]*)'")
_TERM = re.compile(r"[^\s!()]+")
_LITERAL = re.compile(r"(?i)true|false|null|nil|nullptr|\d[\w.]*|\"[^\"]*\"|'[^']*'")
_ENVIRONMENT = re.compile(r"(?i)^(getenv|env|GetEnvironmentVariable|var|var_os)$")
# Names as camel case ends them: globalSettings, FeatureFlags, LicenseOptions.
_HOLDS = re.compile(r"(Settings|Config|Configuration|Options|Features|Flags|Properties|Edition)$")
_FEATURE = re.compile(r"\bfeature\s*=\s*\"([^\"]+)\"")
_LICENSED = re.compile(r"licen[sc]e|entitle", re.IGNORECASE)
_ASKING = re.compile(r"^(is|has|use|with)[A-Z]\w*(Enabled|Available|Installed|Edition|Licensed?)")
# Whether a log line is written says nothing of what is deployed.
_LOGGING = re.compile(r"^is(Debug|Trace|Info|Warn|Error|Fine\w*|Logging|Loggable)(Enabled)?$")
_PROBING = re.compile(
    r"(?i)^(class|interface|trait|enum|function|method|file)_exists$|^is_(file|dir|readable)$|^defined$"
)
_LITERALS = frozenset(["true", "false", "null", "new", "not", "and", "or", "instanceof", "this"])

About = Callable[[str], bool]
"""Whether a text is about the wrap that a reference means."""


def flag_in(condition: str, about: About) -> str | None:
    """Return ``flag NAME`` where a condition asks for one, else None.

    Args:
        condition: its source.
        about: a probe for anything else (``class_exists('Other')``) is no guard.
    """
    for clause in _CLAUSE.split(condition[:_TEXT_MAX]):
        found = _flag(clause, about)
        if found is not None and _is_steady(clause, about):
            return f"flag {' '.join(found.split())[:_LENGTH_MAX]}"
    return None


def _is_steady(clause: str, about: About) -> bool:
    """Whether nothing of the moment is compared: ``plan == FREE_PLAN`` asks for no flag."""
    sides = _COMPARED.split(clause)
    if len(sides) == 1:
        return True
    return all(_flag(side, about) is not None or _is_literal(side) for side in sides)


def _is_literal(side: str) -> bool:
    return all(_LITERAL.fullmatch(term) for term in _TERM.findall(side))


def _flag(text: str, about: About) -> str | None:
    closings = _closings(text)
    inside = 0
    for match in _NAME.finditer(text):
        name, is_call = match[1], match[2] is not None
        parts = _PARTS.split(name)
        if parts[-1].lower() in _LITERALS:
            continue
        if parts == ["$_ENV"] or parts == ["$_SERVER"]:
            string = _STRING.search(text, match.end())
            return f"env {string[1] or string[2]}" if string else None
        if not is_call and match.start() < inside:
            # What is handed to a function that is no flag: ``user.has(Role.ADMIN)``.
            continue
        end = closings.get(match.end(), len(text))
        whole = text[match.start() : end]
        found = _called(parts, whole, about) if is_call else _read(parts, name)
        if is_call:
            inside = max(inside, end)
        if found is not None:
            return found
    return None


def _called(parts: list[str], whole: str, about: About) -> str | None:
    """Return the flag that a call asks for; ``whole`` is its source, arguments and all."""
    last = parts[-1]
    if _ENVIRONMENT.match(last):
        string = _STRING.search(whole)
        return f"env {string[1] or string[2]}" if string else None
    if last == "cfg":
        # Rust's macro; what is in its branch is compiled all the same, which others say.
        feature = _FEATURE.search(whole)
        return f"feature {feature[1]}" if feature and "not(" not in whole else None
    if _PROBING.match(last):
        return whole if about(whole) else None
    if _LOGGING.match(last):
        return None
    if asks(last) or _ASKING.match(last) or any(map(_holds, parts[:-1])):
        return whole
    return None


def _read(parts: list[str], name: str) -> str | None:
    last = parts[-1].lstrip("$")
    is_flag = is_constant(last) or _ASKING.match(last) or (len(parts) > 1 and asks(last))
    return name if is_flag or any(map(_holds, parts[:-1])) else None


def _holds(name: str) -> bool:
    bare = name.lstrip("$")
    return holds_settings(bare) or any(one.search(bare) for one in (_HOLDS, _LICENSED))


def _closings(text: str) -> dict[int, int]:
    """Return where each bracket that is opened is closed, by the place after it."""
    found: dict[int, int] = {}
    stack: list[int] = []
    for match in _BRACKET.finditer(text):
        if match[0] == "(":
            stack.append(match.end())
        elif stack:
            found[stack.pop()] = match.end()
    return found
