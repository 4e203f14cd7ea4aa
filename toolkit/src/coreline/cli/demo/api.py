# SPDX-License-Identifier: Apache-2.0
"""The server's HTTP API as the vendor's own scripts would call it, with the standard library."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

from coreline.cli.demo.scene import Scene, StepFailed
from coreline.cli.demo.stage import Stage

_TIMEOUT_SECONDS = 20.0
# The server is on this machine: a proxy of the user's must not stand between.
_OPENER = build_opener(ProxyHandler({}))


class Reply(NamedTuple):
    """What the server answered."""

    status: int
    text: str

    def json(self) -> Any:
        """Return the body; its shape is the API's, and a step's assertions look at it."""
        return json.loads(self.text)


def request(
    method: str,
    url: str,
    *,
    body: object = None,
    data: bytes | None = None,
    kind: str = "application/json",
    token: str = "",
) -> Reply:
    """Send one request and return the answer, also when it is a refusal.

    Args:
        method, url: what to ask.
        body: sent as JSON; or ``data``, sent as it is, of the media type ``kind``.
        token: the bearer token, if any.

    Raises:
        OSError: there was no answer.
    """
    headers: dict[str, str] = {"Accept": "application/json"}
    if body is not None:
        data = json.dumps(body).encode()
    if data is not None:
        headers["Content-Type"] = kind
    if token:
        headers["Authorization"] = f"Bearer {token}"
    # The address is the one that our own server printed.
    asked = Request(url, data=data, headers=headers, method=method)  # noqa: S310 - as above.
    try:
        with _OPENER.open(asked, timeout=_TIMEOUT_SECONDS) as reply:
            return Reply(reply.status, reply.read().decode())
    except HTTPError as error:
        with error:
            return Reply(error.code, error.read().decode("utf-8", "replace"))


def call(
    stage: Stage,
    scene: Scene,
    method: str,
    path: str,
    body: Mapping[str, object] | None = None,
    *,
    expect: int,
) -> Reply:
    """Call the API with the vendor's token, show the call, and assert its status."""
    scene.say(f"{method} {path} {json.dumps(dict(body)) if body else ''}".rstrip())
    reply = request(
        method, stage.facts["server"] + path, body=body, token=stage.facts.get("api_token", "")
    )
    scene.write(f"{method} {path}: {reply.status}\n{reply.text}\n")
    if reply.status != expect:
        raise StepFailed(f"status {expect}", f"{reply.status}: {reply.text[:300]}")
    return reply
