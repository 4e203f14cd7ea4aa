# SPDX-License-Identifier: Apache-2.0
"""``coreline place`` for all candidates, and ``--review`` for all decisions."""

import json
from datetime import date

from coreline.cli.context import Context
from coreline.errors import ExitCode, OutsideError
from coreline.manifest.model import Manifest
from coreline.placement.decision.limits import candidates, limit
from coreline.placement.decision.review import Reviewed
from coreline.placement.decision.review import review as reviewed
from coreline.placement.decision.rule import CAUTION, rule_of_thumb


def table(ctx: Context, form: str) -> int:
    """Print each candidate: its side, what the rule says, and what is still to do."""
    manifest = ctx.manifest().manifest
    rows = [_row(manifest, name) for name in candidates(manifest)]
    if form == "json":
        print(json.dumps({"candidates": rows, "caution": CAUTION}, indent=2))
        return int(ExitCode.KEPT)
    if not rows:
        print("No feature is a candidate: set candidate = true in the table of one.")
        return int(ExitCode.KEPT)
    print(f"{'feature':24} {'is':5} {'rule':10} to do")
    for row in rows:
        print(f"{row['feature']:24} {row['side']:5} {row['rule'] or 'cannot say':10} {row['todo']}")
    print(CAUTION)
    return int(ExitCode.KEPT)


def _row(manifest: Manifest, name: str) -> dict[str, str | None]:
    feature, rule = manifest.features[name], rule_of_thumb(manifest, name)
    refusal = limit(manifest, name)
    if refusal is not None:
        todo = f"not placed ({refusal.code}): {refusal.hint}"
    elif feature.decision is not None:
        todo = f"decided: {feature.decision}"
    elif rule.side is None:
        todo = f"no decision; add {' and '.join(rule.missing)}"
    else:
        todo = f"no decision: coreline place {name} --write"
    return {
        "feature": name,
        "side": feature.side,
        "rule": rule.side,
        "refused": refusal.code if refusal else None,
        "decision": feature.decision,
        "todo": todo,
    }


def review(ctx: Context, form: str, day: date) -> int:
    """Print which decisions to reopen, and why; ends with 1 where there is one."""
    manifest = ctx.manifest().manifest
    paths = {one.decision for one in manifest.features.values() if one.decision is not None}
    found = reviewed(manifest, {path: _read(ctx, path) for path in sorted(paths)}, day)
    if form == "json":
        bodies = [
            {**one._asdict(), "review": one.review.isoformat() if one.review else None}
            for one in found
        ]
        print(json.dumps({"as_of": day.isoformat(), "decisions": bodies}, indent=2))
    else:
        _say(found)
    return int(ExitCode.BROKEN if any(one.reasons for one in found) else ExitCode.KEPT)


def _read(ctx: Context, path: str) -> str:
    try:
        return (ctx.folder / path).read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise OutsideError(
            "place-not-read",
            f"The decision {path} cannot be read: {error.strerror}.",
            "Mend its permissions, or correct the path in the manifest.",
        ) from error


def _say(found: list[Reviewed]) -> None:
    for one in found:
        if one.reasons:
            print(f"{one.feature}: reopen {one.path}")
            for reason in one.reasons:
                print(f"  {reason}")
            print(f"  then: coreline place {one.feature} --reopen --write")
        elif one.unread:
            print(f"{one.feature}: {one.path} is not reviewed. {one.unread}")
    held = sum(not one.reasons and not one.unread for one in found)
    print(f"{held} of {len(found)} decisions hold.")
