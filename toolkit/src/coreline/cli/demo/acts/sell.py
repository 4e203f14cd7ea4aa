# SPDX-License-Identifier: Apache-2.0
"""Act five: the registry is filled. A trial that ended before that will be refused later."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from coreline.cli.demo.api import call, request
from coreline.cli.demo.scene import Scene, Step
from coreline.cli.demo.stage import Stage, own_program

_TRIAL_SECONDS = 2


def lapsed(stage: Stage, scene: Scene) -> str:
    """Issue a trial that is over in two seconds, for the customer who will be refused."""
    ends = datetime.now(UTC) + timedelta(seconds=_TRIAL_SECONDS)
    license_ = new_license(
        stage,
        scene,
        {"name": "Lapsed Ltd.", "email": "ops@lapsed.example"},
        {"trial": True, "expires": ends.isoformat(timespec="seconds")},
    )
    stage.facts["lapsed_license"] = license_["id"]
    stage.facts["lapsed_token"] = registry_token(stage, scene, license_["id"], "LAPSED-TOKEN")
    scene.tell([f"{license_['id']}: {license_['status']}, ends {license_['expires']}"])
    scene.expect(license_["status"] == "trial", "status trial", license_["status"])
    return f"{license_['id']} is a trial whose end is {_TRIAL_SECONDS} seconds away, in real time"


def upload(stage: Stage, scene: Scene) -> str:
    """Upload the packages with uv, over the protocol that twine speaks too.

    Only once the trial is over: what was uploaded before a license ends stays installable.
    """
    _wait_for_the_end(stage, scene)
    for wheel in sorted(stage.wheels.iterdir()):
        upload_wheel(stage, scene, wheel)
    foreign = next(stage.wheelhouse.glob("coreline_sdk-*.whl"))
    refused = scene.run(
        *_publish_words(stage, foreign),
        shown=f"uv publish --publish-url SERVER/upload/ wheelhouse/{foreign.name}",
        env=_upload_env(stage),
        expect=None,
    )
    scene.tell([" ".join(refused.err.partition("cause: ")[2].split())])
    scene.expect(refused.code != 0, "a package that the manifest does not name to be refused")
    scene.expect_words(refused.err, ["manifest"])
    return "core and wrap are in the registry; a package that no side claims is refused"


def _wait_for_the_end(stage: Stage, scene: Scene) -> None:
    path = f"/v1/licenses/{stage.facts['lapsed_license']}"
    address, token = stage.facts["server"] + path, stage.facts["api_token"]
    deadline = time.monotonic() + 3 * _TRIAL_SECONDS
    while request("GET", address, token=token).json()["status"] == "trial":
        scene.expect(time.monotonic() < deadline, "the trial to end", "a trial that goes on")
        time.sleep(0.1)
    ended = call(stage, scene, "GET", path, expect=200).json()
    scene.tell([f"{ended['id']}: {ended['status']}"])
    scene.expect(ended["status"] == "expired", "status expired", ended["status"])


def upload_wheel(stage: Stage, scene: Scene, wheel: Path) -> None:
    """Upload one wheel."""
    shown = f"uv publish --publish-url SERVER/upload/ wheels/{wheel.name}"
    words = _publish_words(stage, wheel)
    scene.show(scene.run(*words, shown=shown, env=_upload_env(stage)).err, only="^Uploading")


def new_license(
    stage: Stage, scene: Scene, customer: dict[str, object], license_: dict[str, object]
) -> dict[str, str]:
    """Make a customer and a license of the edition enterprise, and return the license."""
    body = {**customer, "segment": "enterprise"}
    made = call(stage, scene, "POST", "/v1/customers", body, expect=201).json()
    body = {"customer": made["id"], "edition": "enterprise", **license_}
    issued: dict[str, str] = call(stage, scene, "POST", "/v1/licenses", body, expect=201).json()
    return issued


def registry_token(stage: Stage, scene: Scene, license_id: str, instead: str) -> str:
    """Return a registry token of a license; it is shown once, and here not at all."""
    path = f"/v1/licenses/{license_id}/registry-tokens"
    token = call(stage, scene, "POST", path, expect=201).json()["token"]
    return stage.hide(str(token), instead)


def _publish_words(stage: Stage, wheel: Path) -> tuple[str, ...]:
    url = f"{stage.facts['server']}/upload/"
    user = ("--username", "__token__", "--trusted-publishing", "never")
    return own_program("uv"), "publish", *user, "--publish-url", url, str(wheel)


def _upload_env(stage: Stage) -> dict[str, str]:
    # In the environment rather than among the words: other users can list a machine's commands.
    return {**stage.registry_env(), "UV_PUBLISH_PASSWORD": stage.facts["api_token"]}


STEPS = (
    Step("lapsed", "A trial that ends at once (for the customer who is refused later)", lapsed),
    Step("upload", "The packages go into the registry", upload),
)
