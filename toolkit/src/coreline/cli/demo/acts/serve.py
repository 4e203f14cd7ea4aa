# SPDX-License-Identifier: Apache-2.0
"""Act four: the vendor's server starts on a free port and is set up through its one-time link."""

import re
import secrets
import subprocess
import time

from coreline.cli.demo.api import request
from coreline.cli.demo.scene import Scene, Step, StepFailed
from coreline.cli.demo.stage import Stage, own_program

_START_SECONDS = 30.0
_ADDRESS = re.compile(r"^(http://\S+:\d+)$", re.M)
_SETUP = re.compile(r"(http://\S+)/setup\?token=(\S+)")


def start(stage: Stage, scene: Scene) -> str:
    """Make the data directory, start the server, use the setup link."""
    server = own_program("coreline-server")
    made = scene.run(
        *(server, "init", "--data", str(stage.data), "--keys", str(stage.keys)),
        *("--manifest", str(stage.private / "coreline.toml")),
        shown="coreline-server init --data server --keys keys --manifest converge/coreline.toml",
    )
    scene.show(made.out, limit=2)
    words = (server, "serve", "--data", str(stage.data), "--port", "0")
    scene.say("coreline-server serve --data server --port 0 &")
    said = _start(stage, words)
    found = _SETUP.search(said)
    scene.expect(found, "a one-time setup link", said)
    assert found is not None
    stage.facts["server"] = found[1]
    token = stage.hide(found[2], "ONE-TIME-TOKEN")
    scene.tell([f"{found[1]}/setup?token={token}"])
    _set_up(stage, scene, token)
    ready = request("GET", f"{found[1]}/health/ready")
    scene.expect(ready.status == 200, "a server that is ready", f"{ready.status}: {ready.text}")
    return f"ready at {found[1]}; no default password, and the setup link works once"


def _start(stage: Stage, words: tuple[str, ...]) -> str:
    """Start the server and return what it printed until its setup link."""
    log = stage.logs / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            words,
            cwd=stage.folder,
            env=stage.env,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            # Ctrl-C reaches the story alone, which then ends the server in good order.
            start_new_session=True,
        )
    stage.processes.append(process)
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        said = log.read_text("utf-8", "replace")
        if _SETUP.search(said) and said.endswith("\n"):
            return said
        time.sleep(0.05)
    raise StepFailed("a server that starts", log.read_text("utf-8", "replace")[-400:])


def _set_up(stage: Stage, scene: Scene, token: str) -> None:
    password = stage.hide(secrets.token_urlsafe(18), "PASSWORD")
    stage.facts["password"] = password
    scene.say('POST /setup {"token": "…", "password": "…"}')
    address = f"{stage.facts['server']}/setup"
    body = {"token": token, "password": password}
    reply = request("POST", address, body=body)
    scene.expect(reply.status in (200, 201), "the link to work", f"{reply.status}: {reply.text}")
    stage.facts["api_token"] = stage.hide(str(reply.json()["api_token"]), "API-TOKEN")
    again = request("POST", address, body=body)
    scene.expect(again.status >= 400, "the link to work once only", str(again.status))
    scene.tell([f"the second time: {again.status} {again.json().get('code', '')}"])


STEPS = (Step("serve", "The vendor's server, set up by a one-time link", start),)
