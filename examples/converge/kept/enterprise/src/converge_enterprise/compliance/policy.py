# SPDX-License-Identifier: LicenseRef-Converge-Enterprise
"""The policy: rules in TOML. Every mistake is reported in one run."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from converge.errors import ConvergeError

Check = Literal["declared", "contains", "forbids", "mode_max"]
_CHECKS: tuple[Check, ...] = ("declared", "contains", "forbids", "mode_max")


@dataclass(frozen=True)
class Rule:
    """One rule of a policy."""

    name: str
    title: str
    check: Check
    value: str
    path: Path | None


def read_policy(text: str) -> list[Rule]:
    """Parse a policy.

    Raises:
        ConvergeError: it has mistakes.
    """
    try:
        tables = tomllib.loads(text).get("rule", {})
    except tomllib.TOMLDecodeError as error:
        raise ConvergeError(f"the policy is not TOML: {error}") from error
    mistakes: list[str] = []
    rules = [rule for name, table in tables.items() if (rule := _rule(name, table, mistakes))]
    if not tables:
        mistakes.append("the policy has no [rule.NAME]")
    if mistakes:
        raise ConvergeError("\n".join(mistakes), "See enterprise/README.md for a policy.")
    return rules


def _rule(name: str, table: dict[str, Any], mistakes: list[str]) -> Rule | None:
    before = len(mistakes)
    checks = [check for check in _CHECKS if check in table]
    unknown = set(table) - {"title", "path", *_CHECKS}
    if unknown:
        mistakes.append(f"rule.{name}: unknown key {', '.join(sorted(unknown))}")
    if len(checks) != 1:
        mistakes.append(f"rule.{name}: exactly one of {', '.join(_CHECKS)} is needed")
        return None
    check, value = checks[0], str(table[checks[0]])
    if check != "declared" and "path" not in table:
        mistakes.append(f"rule.{name}: {check} needs a path")
    if check in ("contains", "forbids"):
        _compiles(name, value, mistakes)
    if check == "mode_max" and not re.fullmatch("[0-7]{3,4}", value):
        mistakes.append(f'rule.{name}: mode_max is written as "0640"')
    path = Path(str(table["path"])).expanduser() if "path" in table else None
    title = str(table.get("title", name))
    return Rule(name, title, check, value, path) if len(mistakes) == before else None


def _compiles(name: str, pattern: str, mistakes: list[str]) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        mistakes.append(f"rule.{name}: not a regular expression: {error}")
