# SPDX-License-Identifier: Apache-2.0
"""The report of one run: the JSON that other programs read, the text that people read."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from converge import __version__
from converge.model import Result

SCHEMA = 1
_SIGNS = {"unchanged": "=", "failed": "!", "skipped": "-"}
_CHANGES = {"create": "+", "update": "~", "remove": "x", "run": ">", "none": "="}


@dataclass(frozen=True)
class Report:
    """What one run found or did on one machine. ``at`` carries its time zone."""

    host: str
    at: datetime
    mode: Literal["plan", "apply"]
    declaration: str
    results: tuple[Result, ...]

    def counts(self) -> dict[str, int]:
        """Return how many resources ended in each way."""
        found = Counter(result.status for result in self.results)
        return {status: found[status] for status in ("changed", "unchanged", "failed", "skipped")}

    @property
    def failed(self) -> bool:
        """Whether a resource failed or was skipped because one did."""
        return any(result.status in ("failed", "skipped") for result in self.results)

    def to_json(self) -> str:
        """Return the report as JSON; docs/report.md describes it."""
        body = {
            "schema": SCHEMA,
            "converge": __version__,
            "host": self.host,
            "at": self.at.isoformat(timespec="seconds"),
            "mode": self.mode,
            "declaration": self.declaration,
            "counts": self.counts(),
            "results": [asdict(result) for result in self.results],
        }
        return json.dumps(body, indent=2, ensure_ascii=False)


def lines(results: Sequence[Result], *, diff: bool) -> Iterator[str]:
    """Yield the lines that people read, resources that are as declared among them."""
    width = max((len(result.resource) for result in results), default=0)
    for result in results:
        sign = _SIGNS.get(result.status) or _CHANGES[result.action]
        yield f"{sign} {result.resource:<{width}}  {result.summary}"
        if diff:
            yield from (f"    {line}" for line in result.diff.splitlines())


def closing(report: Report) -> str:
    """Return the last line of a report."""
    counts = report.counts()
    word = "to change" if report.mode == "plan" else "changed"
    return (
        f"{report.host}: {counts['changed']} {word}, {counts['unchanged']} as declared, "
        f"{counts['failed']} failed, {counts['skipped']} skipped"
    )
