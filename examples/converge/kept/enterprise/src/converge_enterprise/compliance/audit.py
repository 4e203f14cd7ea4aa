# SPDX-License-Identifier: LicenseRef-Converge-Enterprise
"""The rules applied: each gives a verdict and the evidence that an auditor can check again."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from converge.machine import Machine
from converge.model import Declaration

from converge_enterprise.compliance.policy import Rule


@dataclass(frozen=True)
class Verdict:
    """How one rule came out. ``evidence`` names the place and, for a file, its SHA-256."""

    rule: str
    title: str
    passed: bool
    evidence: str


def audit(
    rules: Iterable[Rule], machine: Machine, declaration: Declaration | None
) -> list[Verdict]:
    """Check every rule against the machine and, where a rule asks for it, the declaration."""
    return [_verdict(rule, machine, declaration) for rule in rules]


def _verdict(rule: Rule, machine: Machine, declaration: Declaration | None) -> Verdict:
    if rule.check == "declared" or rule.path is None:
        passed, evidence = _declared(rule, declaration)
    else:
        passed, evidence = _on_disk(rule, rule.path, machine)
    return Verdict(rule.name, rule.title, passed, evidence)


def _declared(rule: Rule, declaration: Declaration | None) -> tuple[bool, str]:
    if declaration is None:
        return False, "no declaration was given (--file)"
    passed = any(resource.id == rule.value for resource in declaration.resources)
    return passed, f"{declaration.source}: {rule.value} is {'' if passed else 'not '}declared"


def _on_disk(rule: Rule, path: Path, machine: Machine) -> tuple[bool, str]:
    seen = machine.look(path)
    if rule.check == "mode_max" and seen.kind in ("file", "directory"):
        passed = not seen.mode & ~int(rule.value, 8)
        return passed, f"{path}: mode {seen.mode:04o}, at most {int(rule.value, 8):04o}"
    if seen.kind != "file":
        # What is not there cannot hold what is forbidden; everything else needs the file.
        return rule.check == "forbids" and seen.kind == "missing", f"{path} is {seen.kind}"
    data = machine.read(path)
    hit = _first_line(data, re.compile(rule.value))
    where = f"{path}:{hit[0]}: {hit[1]}" if hit else f"{path}: no line matches {rule.value}"
    passed = (hit is not None) == (rule.check == "contains")
    return passed, f"{where} (sha256 {hashlib.sha256(data).hexdigest()})"


def _first_line(data: bytes, pattern: re.Pattern[str]) -> tuple[int, str] | None:
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        if pattern.search(line):
            return number, line.strip()
    return None
