# SPDX-License-Identifier: Apache-2.0
"""Act five: the packages are uploaded, and licenses are issued: one that lasts, one that ended."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from coreline.cli.demo.api import call, request
from coreline.cli.demo.scene import Scene, Step
from coreline.cli.demo.stage import Stage, own_program

_TRIAL_SECONDS = 2


def trial(stage: Stage, scene: Scene) -> str:
    """Issue a trial that is over in two seconds, for the customer who will be refused."""
    customer = _customer(stage, scene, "Lapsed Ltd.", "ops@lapsed.example")
    ends = datetime.now(UTC) + timedelta(seconds=_TRIAL_SECONDS)
    license_ = call(
        stage,
        scene,
        "POST",
        "/v1/licenses",
        {
            "customer": customer,
            "edition": "enterprise",
            "trial": True,
            "expires": ends.isoformat(timespec="seconds"),
        },
        expect=201,
    ).json()
    stage.facts["lapsed_license"] = license_["id"]
    stage.facts["lapsed_token"] = _registry_token(stage, scene, license_["id"], "LAPSED-TOKEN")
    scene.tell([f"{license_['id']}: {license_['status']}, ends {license_['expires']}"])
    scene.expect(license_["status"] == "trial", "status trial", license_["status"])
    return f"{license_['id']} is a trial whose end is {_TRIAL_SECONDS} seconds away, in real time"


def upload(stage: Stage, scene: Scene) -> str:
    """Upload both packages with uv, over the protocol that twine speaks too.

    Only once the trial is over: what was uploaded before a license ends stays installable.
    """
    path = f"/v1/licenses/{stage.facts['lapsed_license']}"
    deadline = time.monotonic() + 2 * _TRIAL_SECONDS
    address = stage.facts["server"] + path
    while request("GET", address, token=stage.facts["api_token"]).json()["status"] == "trial":
        scene.expect(time.monotonic() < deadline, "the trial to end")
        time.sleep(0.1)
    lapsed = call(stage, scene, "GET", path, expect=200).json()
    scene.tell([f"{lapsed['id']}: {lapsed['status']}"])
    scene.expect(lapsed["status"] == "expired", "status expired", lapsed["status"])
    for wheel in sorted(stage.wheels.iterdir()):
        upload_wheel(stage, scene, wheel)
    foreign = next(stage.wheelhouse.glob("coreline_sdk-*.whl"))
    refused = scene.run(
        *_publish_words(stage, foreign),
        shown=f"uv publish --publish-url SERVER/upload/ wheelhouse/{foreign.name}",
        env=_upload_env(stage),
        expect=None,
    )
    scene.show(refused.err, only="error|cause", limit=4)
    scene.expect(refused.code != 0, "a package that the manifest does not name to be refused")
    scene.expect_words(refused.err, ["manifest"])
    return "core and wrap are in the registry; a package that no side claims is refused"


def upload_wheel(stage: Stage, scene: Scene, wheel: Path) -> None:
    """Upload one wheel."""
    shown = f"uv publish --publish-url SERVER/upload/ wheels/{wheel.name}"
    words = _publish_words(stage, wheel)
    scene.show(scene.run(*words, shown=shown, env=_upload_env(stage)).err, limit=3)


def license_(stage: Stage, scene: Scene) -> str:
    """Issue a license for a year and give the customer its file and a registry token."""
    customer = _customer(stage, scene, "Acme Corp.", "it@acme.example")
    body = {"customer": customer, "edition": "enterprise", "seats": 60}
    issued = call(stage, scene, "POST", "/v1/licenses", body, expect=201).json()
    stage.facts["license"] = issued["id"]
    file = call(stage, scene, "GET", f"/v1/licenses/{issued['id']}/file", expect=200).text
    path = stage.folder / "acme.license"
    path.write_text(file, "utf-8")
    coreline = own_program("coreline")
    words = ("license", "verify", str(path), "--root", stage.facts["root"])
    shown = "coreline license verify acme.license --root ed25519:…"
    scene.show(scene.run(coreline, *words, shown=shown).out)
    stage.facts["token"] = _registry_token(stage, scene, issued["id"], "ACME-TOKEN")
    scene.expect(issued["status"] == "active", "an active license", issued["status"])
    return f"{issued['id']} for 60 seats, verified offline with the public root key alone"


def _customer(stage: Stage, scene: Scene, name: str, email: str) -> str:
    body = {"name": name, "email": email, "segment": "enterprise"}
    return str(call(stage, scene, "POST", "/v1/customers", body, expect=201).json()["id"])


def _registry_token(stage: Stage, scene: Scene, license_id: str, instead: str) -> str:
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
    Step("trial", "A trial that ends at once (for the customer who comes later)", trial),
    Step("license", "A license for a year", license_),
    Step("upload", "Both packages into the registry", upload),
)
