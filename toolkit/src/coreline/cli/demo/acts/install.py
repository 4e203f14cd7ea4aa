# SPDX-License-Identifier: Apache-2.0
"""Act six: a customer's machine: the core for everybody, the wrap for those who have a license."""

import json
from pathlib import Path

from coreline.cli.demo.api import request
from coreline.cli.demo.scene import Ran, Scene, Step, StepFailed
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


def core(stage: Stage, scene: Scene) -> str:
    """Make a fresh environment, install the core with plain pip and no credential, use it."""
    scene.run(
        own_program("python"), "-m", "venv", str(stage.customer), shown="python -m venv customer"
    )
    pip_install(stage, scene, "converge", token="", expect=0)
    (stage.folder / "machine").mkdir()
    (stage.folder / "machine" / "hosts").write_text("127.0.0.1 localhost\n192.0.2.1 db\n", "utf-8")
    (stage.folder / "converge.toml").write_text(DECLARATION, "utf-8")
    converge = stage.customers_program("converge")
    scene.show(scene.run(converge, "plan", "--host", "web1", shown="converge plan").out, limit=9)
    applied = scene.run(converge, "apply", "--host", "web1", "--no-diff", shown="converge apply")
    scene.show(applied.out)
    report = _again(stage, scene)
    scene.expect(report["counts"]["changed"] == 0, "nothing left to change", str(report["counts"]))
    return "the core installs without a credential, works whole, and a second apply changes nothing"


def _again(stage: Stage, scene: Scene) -> dict[str, dict[str, int]]:
    """Apply again, leaving the machine's report where the fleet's are collected."""
    reports = stage.folder / "reports"
    reports.mkdir(exist_ok=True)
    converge = stage.customers_program("converge")
    words = ("apply", "--format", "json", "--host", "web1", "--report", str(reports / "web1.json"))
    ran = scene.run(converge, *words, shown="converge apply --report reports/web1.json")
    body: dict[str, dict[str, int]] = json.loads(ran.out)
    return body


def refused(stage: Stage, scene: Scene) -> str:
    """Be refused the wrap without a credential, and with the one of a license that ended."""
    nobody = pip_install(stage, scene, "converge-enterprise", token="", expect=1)
    scene.show(nobody.err, only="No matching", limit=1)
    # pip does not tell a stranger what the registry answered; the answer is there to be asked.
    scene.say("GET /simple/converge-enterprise/")
    answer = request("GET", f"{stage.facts['server']}/simple/converge-enterprise/")
    scene.expect(answer.status == 401, "status 401", str(answer.status))
    problem = answer.json()
    scene.tell([f"{answer.status} {problem['code']}: {problem['detail']} {problem['hint']}"])
    lapsed = pip_install(
        stage, scene, "converge-enterprise", token=stage.facts["lapsed_token"], expect=1
    )
    said = lapsed.out + lapsed.err
    scene.show(said, only="expired|402", limit=3)
    scene.expect_words(said, [stage.facts["lapsed_license"], "expired", "renew-at"])
    return "refused with a reason that plain pip prints: which license, since when, where to renew"


def wrap(stage: Stage, scene: Scene) -> str:
    """Install the wrap with the customer's registry token."""
    sdk(stage, scene)
    done = pip_install(stage, scene, "converge-enterprise", token=stage.facts["token"], expect=0)
    scene.show(done.out, only="Successfully")
    plugins = scene.run(stage.customers_program("converge"), "plugins", shown="converge plugins")
    scene.show(plugins.out)
    scene.expect_words(plugins.out, ["enterprise 1.1.0"])
    return "the registry token of a live license installs the wrap, and the core finds it"


def sdk(stage: Stage, scene: Scene) -> None:
    """Give the customer's environment the SDK and what it needs.

    The vendor's registry holds the vendor's packages only. coreline-sdk and cryptography come from
    the customer's usual index, in this story from a checkout and from what uv has already fetched
    for this environment; only where it has not, from the user's index.
    """
    wheel = next(stage.wheelhouse.glob("coreline_sdk-*.whl"))
    python = stage.customers_program("python")
    words = (own_program("uv"), "pip", "install", "--quiet", "--python", python, str(wheel))
    shown = f"uv pip install --python customer/bin/python {wheel.name}"
    offline = scene.run(*words, "--offline", shown=f"{shown} --offline", expect=None)
    if offline.code != 0:
        scene.run(*words, shown=shown)


def gate(stage: Stage, scene: Scene) -> str:
    """Ask for the wrap's features without and with the license file."""
    closed = converge(stage, scene, "fleet", "report", "reports", licensed=False, expect=4)
    scene.show(closed.err)
    scene.expect_words(closed.err, ["unconfigured"])
    _other_machines(stage.folder / "reports")
    opened = converge(stage, scene, "fleet", "report", "reports", expect=1)
    scene.show(opened.out)
    scene.expect_words(opened.out, ["drift   web2", "ok      web1"])
    (stage.folder / "policy.toml").write_text(POLICY, "utf-8")
    audit = converge(stage, scene, "audit", "policy.toml", "--host", "web1", expect=0)
    scene.show(audit.out, limit=6)
    return "closed without a license and it says why; open with one, for both features sold"


def converge(
    stage: Stage,
    scene: Scene,
    *words: str,
    expect: int,
    licensed: bool = True,
    days: int = 0,
) -> Ran:
    """Run the customer's converge, so many days from now as its process sees the clock."""
    env = dict(stage.env)
    shown = f"converge {' '.join(words)}"
    if licensed:
        env["CORELINE_LICENSE"] = str(stage.folder / "acme.license")
        shown = f"CORELINE_LICENSE=acme.license {shown}"
    program: tuple[str, ...] = (stage.customers_program("converge"),)
    if days:
        later = stage.folder / "later.py"
        later.write_text(_LATER, "utf-8")
        program = (stage.customers_program("python"), str(later), str(days))
        shown = shown.replace("converge ", f"python later.py {days} converge ", 1)
    return scene.run(*program, *words, shown=shown, env=env, expect=expect)


_LATER = """\
# Runs converge with a clock that is so many days ahead, for this process alone.
import sys
import time

real, ahead = time.time, 86_400 * int(sys.argv[1])
time.time = lambda: real() + ahead

from converge.cli import main

sys.exit(main(sys.argv[2:]))
"""


def _other_machines(reports: Path) -> None:
    """Leave the report of a second machine, whose settings were changed by hand."""
    body = json.loads((reports / "web1.json").read_text("utf-8"))
    body["host"], body["mode"] = "web2", "plan"
    for result in body["results"]:
        if result["resource"] == "file.settings":
            result["status"] = "changed"
    (reports / "web2.json").write_text(json.dumps(body), "utf-8")


def pip_install(stage: Stage, scene: Scene, what: str, *, token: str, expect: int) -> Ran:
    """Install with the customer's own pip from the vendor's registry."""
    server = stage.facts["server"]
    host = server.removeprefix("http://")
    url = f"http://__token__:{token}@{host}/simple/" if token else f"{server}/simple/"
    env = {**stage.registry_env(), "PIP_NO_CACHE_DIR": "1"}
    pip = stage.customers_program("pip")
    words = ("install", "--index-url", url, what)
    ran = scene.run(pip, *words, shown=f"pip {' '.join(words)}", env=env, expect=None)
    if ran.code != expect:
        raise StepFailed(f"pip to end with {expect}", f"{ran.code}: {ran.err[-400:]}")
    return ran


STEPS = (
    Step("core", "A customer's fresh environment: the core, no license needed", core),
    Step("refused", "The wrap is refused, and pip says why", refused),
    Step("wrap", "The wrap, with the license's registry token", wrap),
    Step("gate", "The gate opens", gate),
)
