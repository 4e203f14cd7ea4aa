# SPDX-License-Identifier: Apache-2.0
"""``coreline place FEATURE``: what is said of one feature, and the record of what is decided."""

import json
import os
import sys
import tempfile
from datetime import date
from pathlib import Path

from coreline.cli.context import Context
from coreline.errors import ExitCode, InputError, NothingToDo, OutsideError
from coreline.manifest.edit import set_feature
from coreline.manifest.model import Side
from coreline.manifest.parse import ParsedManifest, load_toml
from coreline.placement.decision.limits import limit
from coreline.placement.decision.record import Decision, file_name, render
from coreline.placement.decision.rule import Rule, rule_of_thumb


def run(
    ctx: Context,
    name: str,
    *,
    write: bool,
    reopen: bool,
    side: Side | None,
    because: str | None,
    form: str,
    day: date,
) -> int:
    """Print what the rule of thumb says, and the record; write it where asked.

    Raises:
        InputError: the feature may not be placed, or nothing decides its side
            (``place-undecided``, ``place-reason-missing``).
        NothingToDo: it has a record already (``place-decided``).
    """
    manifest = ctx.manifest().manifest
    refusal = limit(manifest, name)
    if refusal is not None:
        raise refusal
    rule = rule_of_thumb(manifest, name)
    linked = manifest.features[name].decision
    if write and linked is not None and not reopen:
        raise NothingToDo(
            "place-decided",
            f"Feature {name} has a decision already: {linked}.",
            "`coreline place --review` says whether to reopen it; --reopen writes a new one.",
        )
    decided = _decided(rule, manifest.features[name].side, side, because)
    if write and decided is None:
        raise InputError(
            "place-undecided",
            f"The rule of thumb cannot say on which side {name} belongs.",
            f"Add {' and '.join(rule.missing)} to [features.{name}], or decide with --side.",
        )
    text = None
    if decided is not None:
        text = render(manifest, Decision(rule, decided, day, because, linked))
    path = _write(ctx, name, text) if write and text is not None else None
    if form == "json":
        body = {**rule._asdict(), "decided": decided, "record": text, "written": path}
        print(json.dumps(body, indent=2))
    else:
        _say(rule, decided, text, path)
    return int(ExitCode.KEPT)


def _decided(rule: Rule, today: Side, side: Side | None, because: str | None) -> Side | None:
    if side is not None:
        if side != rule.side and not because:
            raise InputError(
                "place-reason-missing",
                f"Nothing but --side says that {rule.feature} belongs in the {side}.",
                "Say why, with --because.",
            )
        return side
    # A rule of thumb is not enough to take something out of the core.
    return "core" if today == "core" and rule.side is not None else rule.side


def _say(rule: Rule, decided: Side | None, text: str | None, path: str | None) -> None:
    print(f"{rule.feature}: {rule.side or 'cannot say'}, by the rule of thumb")
    for reason in rule.reasons:
        print(f"  {reason}")
    for key in rule.missing:
        print(f"  missing in [features.{rule.feature}]: {key}")
    print(f"  {rule.caution}")
    if path is not None:
        print(f"Decided: {decided}. Wrote {path}, and linked it in the manifest.")
    elif text is not None:
        print(f"Decided: {decided}. --write would write:\n\n{text}", end="")


def _write(ctx: Context, name: str, text: str) -> str:
    """Write a new record and link it; returns its path in the repository."""
    parsed = ctx.manifest()
    folder = parsed.manifest.placement.decisions.strip("/")
    try:
        above = ctx.folder / folder
        names = [one.name for one in above.iterdir()] if above.is_dir() else []
        path = f"{folder}/{file_name(name, names)}"
        # The manifest is tried before anything is written, so a mistake leaves no stray record.
        changed = _linked(parsed, name, path)
        above.mkdir(parents=True, exist_ok=True)
        with (ctx.folder / path).open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
        _replace(ctx.manifest_file.resolve(), changed)
    except OSError as error:
        raise OutsideError(
            "place-not-written",
            f"The record of {name} cannot be written: {error.strerror}.",
            "Leave out --write to print it.",
        ) from error
    if parsed.line.claim(path) is None:
        print(f"No side claims {path}: give {folder}/ to the core or a wrap.", file=sys.stderr)
    return path


def _linked(parsed: ParsedManifest, name: str, path: str) -> str:
    """Return the manifest's text with the link; a feature that is only sold gets its table."""
    described = load_toml(parsed.text, parsed.source).get("features", {})
    if name in described:
        return set_feature(parsed.text, name, decision=path)
    return set_feature(parsed.text, name, side=parsed.manifest.features[name].side, decision=path)


def _replace(target: Path, text: str) -> None:
    """Put a text in a file's place; a reader sees all of the old one or of the new one."""
    descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=".coreline-", suffix=".tmp")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode())
        Path(temporary).chmod(target.stat().st_mode & 0o7777)
        Path(temporary).replace(target)
    finally:
        Path(temporary).unlink(missing_ok=True)
