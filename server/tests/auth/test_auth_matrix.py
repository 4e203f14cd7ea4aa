# SPDX-License-Identifier: Apache-2.0
"""Every route and every credential: what is not placed here is the admin's or the console's."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from litestar.routes import ASGIRoute, HTTPRoute

from coreline_server.auth.rules import form_token

# The fixture `server` of conftest.py; its class is not importable from here.
Server = Any

OPEN = {
    "GET /",
    "GET /console/icon.svg",
    "GET /console/sign-in",
    "GET /console/style.css",
    "GET /health/live",
    "GET /health/ready",
    "GET /openapi.json",
    "GET /openapi.json/openapi.json",
    "GET /openapi.json/{path:str}",
    "GET /problems/{code:str}",
    "GET /setup",
    "GET /v1/revocations",
    "GET /{refusal:str}/ask/{contact:path}",
    "GET /{refusal:str}/renew-at/{contact:path}",
    "POST /console/sign-in",
    "POST /setup",
    "POST /v1/events",
}
MACHINE = {
    "DELETE /v1/activations/{activation_id:str}",
    "GET /v1/validate",
    "POST /v1/activations",
    "POST /v1/activations/{activation_id:str}/heartbeat",
}
UPLOAD = {"POST /upload"}
# Its own tests hold the policy of these against every credential: registry/test_registry_policy.py.
REGISTRY = {"/files", "/simple"}

REFUSALS = {
    "license-unknown",
    "registry-credential-missing",
    "registry-credential-unknown",
    "scope-missing",
    "sign-in-needed",
    "token-unknown",
    "upload-not-allowed",
}
SIGN_OUT = "/console/sign-out"
ADMITTED = {
    "nobody": "open",
    "nonsense": "open",
    "session": "open console",
    "admin": "open admin upload",
    "upload": "open upload",
    "license": "open machine",
    "registry": "open",
}


def test_every_route_admits_those_it_is_for_and_nobody_else(server: Server) -> None:
    wrong = []
    for kind, credential in credentials(server).items():
        for route, group in groups(server):
            admitted = is_admitted(server, route, group, credential)
            if admitted != (group in ADMITTED[kind].split()):
                wrong.append(f"{kind}: {route} ({group}) {'admits' if admitted else 'refuses'}")
    assert wrong == []


def test_the_routes_that_are_placed_exist(server: Server) -> None:
    found = {route for route, _ in groups(server)}
    assert found >= OPEN | MACHINE | UPLOAD
    assert len(found) > 45


def test_what_is_no_handler_is_the_registry(server: Server) -> None:
    apps = {route.path for route in server.service.app.routes if isinstance(route, ASGIRoute)}
    assert apps == REGISTRY


@pytest.mark.parametrize("path", ["/v1/customers", "/v1//customers", "/v1/customers/"])
def test_other_spellings_of_an_address_are_guarded_too(server: Server, path: str) -> None:
    assert server.client.get(path).status_code in {401, 404}


def credentials(server: Server) -> dict[str, str]:
    license = server.license()
    tokens = f"/v1/licenses/{license['id']}/registry-tokens"
    registry = server.client.post(tokens, headers=server.admin).json()["token"]
    uploader = server.client.post("/v1/uploaders", headers=server.admin).json()["token"]
    session = server.run(server.service.keeper.open_session)
    return {
        "nobody": "",
        "nonsense": "nonsense",
        "session": session,
        "admin": server.admin["Authorization"].split()[1],
        "upload": uploader,
        "license": license["token"],
        "registry": registry,
    }


def groups(server: Server) -> Iterator[tuple[str, str]]:
    """Yield each route of the application, and whom it is for."""
    for route in server.service.app.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                for method in handler.http_methods - {"OPTIONS", "HEAD"}:
                    name = f"{method} {route.path}"
                    yield name, group_of(name)


def group_of(name: str) -> str:
    for group, names in (("open", OPEN), ("machine", MACHINE), ("upload", UPLOAD)):
        if name in names:
            return group
    return "console" if " /console" in name else "admin"


def is_admitted(server: Server, route: str, group: str, secret: str) -> bool:
    """Say whether a request with a secret got past the guard, whatever came of it then.

    The secret is sent as the password of Basic to the upload, else as a Bearer and as the cookie.
    """
    method, path = route.split(" ")
    path = re.sub(r"\{\w+:\w+\}", "X", path)
    server.client.cookies.clear()
    headers = {"Origin": "http://vendor.example"}
    sent: dict[str, Any] = {"headers": headers, "follow_redirects": False}
    if group == "upload":
        sent["auth"] = ("__token__", secret) if secret else None
        sent["files"] = {"content": ("x-1.tar.gz", b"x")}
    elif secret:
        headers["Authorization"] = f"Bearer {secret}"
        server.client.cookies.set("coreline_session", secret)
    if group == "console" and method == "POST":
        # A sign-out that is refused for its form has passed the guard, and ends no session.
        sent["data"] = {"form_token": "" if path == SIGN_OUT else form_token(secret)}
    answer = server.client.request(method, path, **sent)
    assert answer.status_code < 500, f"{route}: {answer.text}"
    if group == "console":
        return bool(answer.headers.get("location") != "/console/sign-in")
    problem = "problem+json" in answer.headers.get("content-type", "")
    return not (problem and answer.json()["code"] in REFUSALS)
