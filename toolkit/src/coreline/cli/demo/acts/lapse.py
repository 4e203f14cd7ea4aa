# SPDX-License-Identifier: Apache-2.0
"""Act eight: the license ends. Nothing of the core stops, and nothing that was paid for."""

from datetime import UTC, datetime, timedelta

from coreline.cli.demo.acts.build import build_wheel, commit_all, stamp
from coreline.cli.demo.acts.sell import upload_wheel
from coreline.cli.demo.customer import converge, pip_install
from coreline.cli.demo.scene import Scene, Step
from coreline.cli.demo.stage import Stage

_DAYS = 400
"""A year of license, its 14 days of grace, and some."""


def kept(stage: Stage, scene: Scene) -> str:
    """Move the customer's clock: the core runs, and so does the release that was paid for."""
    scene.tell([f"later.py runs converge in a process whose clock is {_DAYS} days ahead."])
    scene.show(_apply_later(stage, scene))
    status = converge(stage, scene, "enterprise", licensed=True, days=_DAYS)
    scene.show(status.out)
    scene.expect_words(status.out, ["expired", "keeps its features"])
    report = ("fleet", "report", "reports")
    found = converge(stage, scene, *report, licensed=True, days=_DAYS, expect=1)
    scene.show(found.out, only="machines:")
    return "the license is over: the core applies, and a release from before that keeps working"


def newer(stage: Stage, scene: Scene) -> str:
    """Install a release dated after the license: the core runs, the wrap explains."""
    day = datetime.now(UTC) + timedelta(days=_DAYS - 1)
    stamp(stage, stage.facts["root"], day, "1.2.0")
    commit_all(stage, scene, f"chore(enterprise): release 1.2.0, dated {day:%Y-%m-%d}")
    build_wheel(stage, scene, str(stage.private / "enterprise"))
    upload_wheel(stage, scene, next(stage.wheels.glob("converge_enterprise-1.2.0-*.whl")))
    token = stage.facts["token"]
    pip_install(stage, scene, "converge-enterprise==1.2.0", token=token, expect=0)
    report = ("fleet", "report", "reports")
    explained = converge(stage, scene, *report, licensed=True, days=_DAYS, expect=4)
    scene.show(explained.err)
    scene.expect_words(explained.err, ["[expired]", "Renew"])
    scene.show(_apply_later(stage, scene))
    return "a release from after the end explains and stops; no license state can touch the core"


def _apply_later(stage: Stage, scene: Scene) -> str:
    ran = converge(stage, scene, "apply", "--no-diff", licensed=True, days=_DAYS)
    return ran.out.splitlines()[-1]


STEPS = (
    Step("lapse", "A year later the license ends, and the core goes on", kept),
    Step("newer", "Only a release from after the end asks for a renewal", newer),
)
