# SPDX-License-Identifier: Apache-2.0
"""Act seven: the customer tries the wrap, uses it, and buys it."""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from coreline.cli.demo.acts.sell import new_license, registry_token
from coreline.cli.demo.api import call, request
from coreline.cli.demo.customer import LICENSE_FILE, converge, pip_install
from coreline.cli.demo.scene import Scene, Step
from coreline.cli.demo.stage import Stage, own_program

POLICY = """\
[rule.no-debug]
title = "Debugging is off"
path = "machine/app/settings.ini"
contains = '^debug = no$'

[rule.private]
title = "Settings are not for everybody"
path = "machine/app/settings.ini"
mode_max = "0640"
"""
_TERM_DAYS = 365


def trial(stage: Stage, scene: Scene) -> str:
    """Issue a trial, verify its file offline, hand out a registry token."""
    _next_second()
    license_ = new_license(
        stage,
        scene,
        {"name": "Acme Corp.", "email": "it@acme.example"},
        {"seats": 60, "trial": True},
    )
    stage.facts["license"], stage.facts["credential"] = license_["id"], license_["token"]
    stage.hide(license_["token"], "ACME-LICENSE")
    stage.facts["token"] = registry_token(stage, scene, license_["id"], "ACME-TOKEN")
    _license_file(stage, scene)
    return f"{license_['id']} until {license_['expires'][:10]}, verified with the root key alone"


def _next_second() -> None:
    """Let a second pass: licenses count whole ones, and the funnel asks what came before."""
    time.sleep(1.0)


def _license_file(stage: Stage, scene: Scene) -> None:
    path = f"/v1/licenses/{stage.facts['license']}/file"
    file = call(stage, scene, "GET", path, expect=200).text
    (stage.folder / LICENSE_FILE).write_text(file, "utf-8")
    words = ("license", "verify", LICENSE_FILE, "--root", "keys/root.pub", "--product", "converge")
    scene.show(scene.run(own_program("coreline"), *words, shown=f"coreline {' '.join(words)}").out)


def wrap(stage: Stage, scene: Scene) -> str:
    """Install the wrap with the customer's registry token."""
    token = stage.facts["token"]
    done = pip_install(stage, scene, "converge-enterprise", token=token, expect=0)
    scene.show(done.out, only="Successfully")
    plugins = converge(stage, scene, "plugins")
    scene.show(plugins.out)
    scene.expect_words(plugins.out, ["enterprise 1.1.0"])
    return "the registry token of a live license installs the wrap, and the core finds it"


def gate(stage: Stage, scene: Scene) -> str:
    """Ask for the wrap's features without and with the license file."""
    report = ("fleet", "report", "reports")
    closed = converge(stage, scene, *report, counted=True, expect=4)
    scene.show(closed.err)
    scene.expect_words(closed.err, ["unconfigured"])
    _second_machine(stage.folder / "reports")
    opened = converge(stage, scene, *report, licensed=True, counted=True, expect=1)
    scene.show(opened.out)
    scene.expect_words(opened.out, ["drift   web2", "ok      web1"])
    (stage.folder / "policy.toml").write_text(POLICY, "utf-8")
    audit = converge(stage, scene, "audit", "policy.toml", licensed=True, counted=True)
    scene.show(audit.out, only="^pass|rules")
    return "closed without a license and it says why; open with one, for both features sold"


def _second_machine(reports: Path) -> None:
    """Leave the report of a second machine, whose settings were changed by hand."""
    body = json.loads((reports / "web1.json").read_text("utf-8"))
    body["host"], body["mode"] = "web2", "plan"
    for result in body["results"]:
        if result["resource"] == "file.settings":
            result["status"] = "changed"
    (reports / "web2.json").write_text(json.dumps(body), "utf-8")


def purchase(stage: Stage, scene: Scene) -> str:
    """Turn the trial into a bought term, and take a seat for the customer's machine."""
    _next_second()
    ends = (datetime.now(UTC) + timedelta(days=_TERM_DAYS)).isoformat(timespec="seconds")
    path = f"/v1/licenses/{stage.facts['license']}/renew"
    bought = call(stage, scene, "POST", path, {"expires": ends}, expect=200).json()
    scene.expect(bought["status"] == "active", "status active", bought["status"])
    _license_file(stage, scene)
    body = {"fingerprint": stage.facts["install"], "name": "web1"}
    scene.say(f"POST /v1/activations {json.dumps(body)}   (as the license itself)")
    address = f"{stage.facts['server']}/v1/activations"
    seat = request("POST", address, body=body, token=str(bought["token"]))
    scene.expect(seat.status == 201, "a seat (201)", f"{seat.status}: {seat.text[:300]}")
    held = seat.json()
    scene.tell([f"{held['id']}: 1 of {bought['seats']} seats, leased until {held['expires']}"])
    return "a new term under the same id: the registry token stays, and machines take seats"


STEPS = (
    Step("trial", "A trial license", trial),
    Step("wrap", "The wrap, with the license's registry token", wrap),
    Step("gate", "The gate opens", gate),
    Step("purchase", "The trial becomes a purchase", purchase),
)
