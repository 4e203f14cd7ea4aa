# SPDX-License-Identifier: Apache-2.0
"""Act nine: events that users agreed to, and the funnel that they make."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from coreline.cli.demo.api import Reply, request
from coreline.cli.demo.population import STAGES, count, events
from coreline.cli.demo.scene import Scene, Step
from coreline.cli.demo.stage import Stage, own_program

_DOWNLOADS = 4
"""The customer's: converge, its telemetry, and two releases of the wrap."""


def sent(stage: Stage, scene: Scene) -> str:
    """See that the customer's events arrived, and add a population that is made up."""
    waiting = _waiting(stage)
    scene.tell([f"config/converge/events.sqlite: {waiting} events wait to be acknowledged"])
    scene.expect(waiting == 0, "every event of the customer acknowledged", str(waiting))
    made_up = list(events(datetime.now(UTC), "converge"))
    lines = "".join(json.dumps(event) + "\n" for event in made_up)
    for _ in range(2):
        scene.say(f"POST /v1/events   ({len(made_up)} events of made-up installations)")
        reply = _post(stage, lines)
        scene.expect(reply.status == 202, "status 202", f"{reply.status}: {reply.text[:300]}")
        scene.tell([reply.text])
    return "events are acknowledged when they are on the disk; sent again, they count once"


def _waiting(stage: Stage) -> int:
    path = stage.folder / "config" / "converge" / "events.sqlite"
    with closing(sqlite3.connect(path)) as spool:
        return int(spool.execute("SELECT count(*) FROM events").fetchone()[0])


def _post(stage: Stage, lines: str) -> Reply:
    return request(
        "POST",
        f"{stage.facts['server']}/v1/events",
        data=lines.encode(),
        kind="application/x-ndjson",
        token=stage.facts["api_token"],
    )


def funnel(stage: Stage, scene: Scene) -> str:
    """Print the funnel by segment and by feature, and compare it with what is known."""
    words = ("funnel", "--server", stage.facts["server"])
    env = {**stage.env, "CORELINE_API_TOKEN": stage.facts["api_token"]}
    coreline = own_program("coreline")
    for by in ("segment", "feature"):
        ran = scene.run(
            *(coreline, *words, "--by", by),
            shown=f"coreline funnel --server SERVER --by {by}",
            env=env,
        )
        scene.show(ran.out, limit=20)
    stages = _counts(_report(stage, "segment"))
    for name in STAGES:
        # One more than was made up: the customer of this story.
        scene.expect(
            stages[name] == count(name) + 1, f"{count(name) + 1} {name}", str(stages[name])
        )
    scene.expect(
        stages["download"] == _DOWNLOADS, f"{_DOWNLOADS} downloads", str(stages["download"])
    )
    (fleet,) = (row for row in _report(stage, "feature")["rows"] if row["name"] == "fleet")
    bought = _counts(fleet)["paid"]
    scene.expect(bought == count("paid") + 1, f"{count('paid') + 1} led by fleet", str(bought))
    return f"{stages['install']} installs, {stages['paid']} paid: one is the customer of this story"


def _report(stage: Stage, by: str) -> Any:
    address = f"{stage.facts['server']}/v1/funnel?by={by}"
    return request("GET", address, token=stage.facts["api_token"]).json()


def _counts(report: Any) -> dict[str, int]:
    return {stage["stage"]: stage["count"] for stage in report["stages"]}


STEPS = (
    Step("events", "Events flow, from those who agreed", sent),
    Step("funnel", "The funnel, by segment and by feature", funnel),
)
