# SPDX-License-Identifier: Apache-2.0
"""What a customer's machine does: install with plain pip, run converge."""

from coreline.cli.demo.scene import Ran, Scene, StepFailed
from coreline.cli.demo.stage import Stage, own_program

LICENSE_FILE = "acme.license"

_LATER = """\
# Runs converge with a clock that is so many days ahead, for this process alone.
import sys
import time

real, ahead = time.time, 86_400 * int(sys.argv[1])
time.time = lambda: real() + ahead

from converge.cli import main

sys.exit(main(sys.argv[2:]))
"""


def converge(
    stage: Stage,
    scene: Scene,
    *words: str,
    expect: int = 0,
    licensed: bool = False,
    counted: bool = False,
    days: int = 0,
    shown: str = "",
) -> Ran:
    """Run the customer's converge.

    Args:
        words: its arguments; ``--host web1`` is added for a run.
        expect: the exit code that it must end with.
        licensed: with the license file.
        counted: with consent to telemetry.
        days: so many days from now, as its process sees the clock.
        shown: the arguments as shown.
    """
    env = {**stage.env, "XDG_CONFIG_HOME": str(stage.folder / "config")}
    settings = []
    if licensed:
        env["CORELINE_LICENSE"] = str(stage.folder / LICENSE_FILE)
        settings.append(f"CORELINE_LICENSE={LICENSE_FILE}")
    if counted:
        env["CONVERGE_TELEMETRY"] = stage.facts["server"]
        settings.append("CONVERGE_TELEMETRY=SERVER")
    program: tuple[str, ...] = (stage.customers_program("converge"),)
    name = "converge"
    if days:
        later = stage.folder / "later.py"
        later.write_text(_LATER, "utf-8")
        program = (stage.customers_program("python"), str(later), str(days))
        name = f"python later.py {days}"
    host = ("--host", "web1") if words[0] in ("plan", "apply", "audit") else ()
    told = " ".join([*settings, name, shown or " ".join(words)])
    return scene.run(*program, *words, *host, shown=told, env=env, expect=expect)


def pip_install(stage: Stage, scene: Scene, *what: str, token: str | None, expect: int) -> Ran:
    """Install with the customer's own pip from the vendor's registry; ``token`` None for nobody."""
    server = stage.facts["server"]
    credential = f"__token__:{token}@" if token else ""
    url = server.replace("http://", f"http://{credential}") + "/simple/"
    env = {**stage.registry_env(), "PIP_NO_CACHE_DIR": "1"}
    words = ("install", "--index-url", url, *what)
    ran = scene.run(
        stage.customers_program("pip"),
        *words,
        shown=f"pip {' '.join(words)}",
        env=env,
        expect=None,
    )
    if ran.code != expect:
        raise StepFailed(f"pip to end with {expect}", f"{ran.code}: {ran.err[-400:]}")
    return ran


def install_sdk(stage: Stage, scene: Scene) -> None:
    """Give the customer's environment the SDK and what it needs.

    The vendor's registry holds the vendor's packages only. coreline-sdk and cryptography come from
    the customer's usual index: in this story from a checkout, and from what uv has already fetched
    for this environment. Only where it has not, from the user's own index.
    """
    wheel = next(stage.wheelhouse.glob("coreline_sdk-*.whl"))
    python = stage.customers_program("python")
    words = (own_program("uv"), "pip", "install", "--quiet", "--python", python, str(wheel))
    shown = f"uv pip install --python customer/bin/python wheelhouse/{wheel.name}"
    offline = scene.run(*words, "--offline", shown=f"{shown} --offline", expect=None)
    if offline.code != 0:
        scene.run(*words, shown=shown)
