# SPDX-License-Identifier: Apache-2.0
"""Act six: a customer's machine: the core for everybody, the wrap for those who have a license."""

import json
from typing import Any

from coreline.cli.demo.api import request
from coreline.cli.demo.customer import converge, install_sdk, pip_install
from coreline.cli.demo.scene import Scene, Step
from coreline.cli.demo.stage import Stage, own_program

DECLARATION = """\
[directory.app]
path = "machine/app"
mode = "0750"

[file.settings]
path = "machine/app/settings.ini"
content = "debug = no\\n"
mode = "0640"

[line.hosts]
path = "machine/hosts"
line = "192.0.2.7 db"
match = " db$"
"""


def core(stage: Stage, scene: Scene) -> str:
    """Make a fresh environment, install the core with plain pip and no credential, use it."""
    venv = ("-m", "venv", str(stage.customer))
    scene.run(own_program("python"), *venv, shown="python -m venv customer")
    pip_install(stage, scene, "converge", token=None, expect=0)
    _prepare_machine(stage)
    scene.show(converge(stage, scene, "plan").out, limit=9)
    scene.show(converge(stage, scene, "apply", "--no-diff").out)
    again: Any = json.loads(converge(stage, scene, "apply", "--format", "json").out)
    scene.expect(again["counts"]["changed"] == 0, "nothing left to change", str(again["counts"]))
    return "the core installs without a credential, works whole, and a second apply changes nothing"


def _prepare_machine(stage: Stage) -> None:
    (stage.folder / "machine").mkdir()
    (stage.folder / "machine" / "hosts").write_text("127.0.0.1 localhost\n192.0.2.1 db\n", "utf-8")
    (stage.folder / "converge.toml").write_text(DECLARATION, "utf-8")
    (stage.folder / "reports").mkdir()


def consent(stage: Stage, scene: Scene) -> str:
    """Agree to usage counts: an open package, and an address in the environment."""
    install_sdk(stage, scene)
    pip_install(stage, scene, "converge-telemetry", token=None, expect=0)
    config = stage.folder / "config" / "converge"
    converge(stage, scene, "apply")
    scene.expect(not config.exists(), "no trace of telemetry without consent", str(config))
    words = ("apply", "--report", "reports/web1.json")
    scene.show(converge(stage, scene, *words, counted=True).out, only="web1:")
    stage.facts["install"] = (config / "install-id").read_text("ascii").strip()
    scene.tell([f"install-id {stage.facts['install']}, a random number"])
    return "without consent nothing is kept or sent; with it, a random number and a count"


def refused(stage: Stage, scene: Scene) -> str:
    """Be refused the wrap without a credential, and with the one of a license that ended."""
    nobody = pip_install(stage, scene, "converge-enterprise", token=None, expect=1)
    scene.show(nobody.err, only="No matching", limit=1)
    # pip does not tell a stranger what the registry answered; the answer is there to be asked.
    scene.say("GET /simple/converge-enterprise/")
    answer = request("GET", f"{stage.facts['server']}/simple/converge-enterprise/")
    scene.expect(answer.status == 401, "status 401", str(answer.status))
    problem = answer.json()
    scene.tell([f"{answer.status} {problem['code']}: {problem['detail']}", problem["hint"]])
    token = stage.facts["lapsed_token"]
    lapsed = pip_install(stage, scene, "converge-enterprise", token=token, expect=1)
    said = lapsed.out + lapsed.err
    scene.show(said, only="Payment Required", limit=2)
    scene.expect_words(said, [stage.facts["lapsed_license"], "expired", "renew-at"])
    return "refused with a reason that plain pip prints: which license, since when, where to renew"


STEPS = (
    Step("core", "A customer's fresh environment: the core, no license needed", core),
    Step("consent", "Usage counts, only with consent", consent),
    Step("refused", "The wrap is refused, and pip says why", refused),
)
