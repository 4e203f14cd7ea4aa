# SPDX-License-Identifier: LicenseRef-Converge-Enterprise
"""``converge audit``."""

import json
from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from platform import node

from converge.declaration import read_declaration
from converge.errors import ConvergeError
from converge.machine import RealMachine

from converge_enterprise.compliance.audit import Verdict, audit
from converge_enterprise.compliance.policy import read_policy


def arguments(parser: ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument("policy", type=Path, help="rules in TOML")
    parser.add_argument("-f", "--file", type=Path, help="the declaration, for rules about it")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--host", default=node(), help="the machine's name in the report")


def run(options: Namespace) -> int:
    """Print the audit; end with 1 if a rule did not pass."""
    try:
        rules = read_policy(options.policy.read_text("utf-8"))
    except OSError as error:
        raise ConvergeError(f"{options.policy} cannot be read: {error.strerror}") from error
    declaration = read_declaration(options.file) if options.file else None
    verdicts = audit(rules, RealMachine(), declaration)
    show = _as_json if options.format == "json" else _as_text
    print(show(verdicts, options.host))
    return 0 if all(verdict.passed for verdict in verdicts) else 1


def _as_text(verdicts: list[Verdict], host: str) -> str:
    lines = []
    for verdict in verdicts:
        lines += [f"{'pass' if verdict.passed else 'FAIL'}  {verdict.rule}: {verdict.title}"]
        lines += [f"      {verdict.evidence}"]
    passed = sum(verdict.passed for verdict in verdicts)
    return "\n".join([*lines, f"{host}: {passed} of {len(verdicts)} rules pass"])


def _as_json(verdicts: list[Verdict], host: str) -> str:
    body = {
        "host": host,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "rules": [asdict(verdict) for verdict in verdicts],
    }
    return json.dumps(body, indent=2, ensure_ascii=False)
