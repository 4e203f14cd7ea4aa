# SPDX-License-Identifier: Apache-2.0
"""Setup, API tokens and the audit log through HTTP."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

PASSWORD = "correct horse battery"
# The fixture `server` of conftest.py; its class is not importable from here.
Server = Any


def setup_token(server: Server) -> str:
    token: str | None = server.run(server.service.keeper.open_setup)
    assert token is not None
    return token


def set_up(server: Server, token: str, password: str = PASSWORD) -> Any:
    return server.client.post("/setup", json={"token": token, "password": password})


def test_the_setup_link_works_once(server: Server) -> None:
    token = setup_token(server)
    done = set_up(server, token)
    assert done.status_code == 200
    headers = {"Authorization": f"Bearer {done.json()['api_token']}"}
    assert server.client.get("/v1/customers", headers=headers).status_code == 200
    again = set_up(server, token, "another good password")
    assert (again.status_code, again.json()["code"]) == (403, "setup-link-invalid")
    assert server.run(server.service.keeper.open_setup) is None


def test_two_who_use_the_link_at_once_are_one(server: Server) -> None:
    token = setup_token(server)

    def attempt(number: int) -> int:
        return int(set_up(server, token, f"{PASSWORD} {number}").status_code)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(attempt, range(4))) == [200, 403, 403, 403]


def test_a_new_start_makes_the_old_link_useless(server: Server) -> None:
    old = setup_token(server)
    new = setup_token(server)
    assert set_up(server, old).status_code == 403
    assert set_up(server, new).status_code == 200


def test_the_setup_link_expires(server: Server) -> None:
    token = setup_token(server)
    server.clock.move(hours=1)
    assert set_up(server, token).json()["code"] == "setup-link-invalid"


def test_a_short_password_keeps_the_link(server: Server) -> None:
    token = setup_token(server)
    assert set_up(server, token, "short").json()["code"] == "password-too-short"
    assert set_up(server, token).status_code == 200


@pytest.mark.parametrize("body", [b"", b"[]", b'{"token": 1}', b"\xff", b'{"token":"x"}'])
def test_what_is_no_setup_is_refused(server: Server, body: bytes) -> None:
    answer = server.client.post("/setup", content=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "request-invalid")


def test_no_secret_is_kept(server: Server) -> None:
    token = setup_token(server)
    secret = set_up(server, token).json()["api_token"]
    server.service.database.close()
    kept = server.service.database.path.read_bytes()
    for value in (token, secret, PASSWORD, server.admin["Authorization"].split()[1]):
        assert value.encode() not in kept


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({}, 401, "sign-in-needed"),
        ({"Authorization": "Basic eDp5"}, 401, "sign-in-needed"),
        ({"Authorization": "Bearer"}, 401, "sign-in-needed"),
        ({"Authorization": "Bearer nonsense"}, 401, "token-unknown"),
    ],
)
def test_no_admin_without_a_token(
    server: Server, headers: dict[str, str], status: int, code: str
) -> None:
    for method, path in (
        ("GET", "/v1/customers"),
        ("POST", "/v1/customers"),
        ("GET", "/v1/licenses"),
        ("GET", "/v1/activations"),
        ("POST", "/v1/api-tokens"),
        ("GET", "/v1/audit"),
    ):
        answer = server.client.request(method, path, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (status, code), path
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.headers["content-type"] == "application/problem+json"


def test_an_upload_token_is_no_admin_and_revoking_ends_it(server: Server) -> None:
    made = server.client.post("/v1/uploaders", headers=server.admin).json()
    headers = {"Authorization": f"Bearer {made['token']}"}
    answer = server.client.get("/v1/customers", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "scope-missing")
    gone = server.client.delete(f"/v1/api-tokens/{made['id']}", headers=server.admin)
    assert gone.status_code == 204
    answer = server.client.get("/v1/customers", headers=headers)
    assert answer.json()["code"] == "token-unknown"
    again = server.client.delete(f"/v1/api-tokens/{made['id']}", headers=server.admin)
    assert again.json()["code"] == "api-token-not-found"


def test_tokens_are_listed_without_their_secrets(server: Server) -> None:
    made = server.client.post(
        "/v1/api-tokens", headers=server.admin, json={"name": "ci", "scope": "upload"}
    ).json()
    listed = server.client.get("/v1/api-tokens", headers=server.admin)
    assert made["token"] not in listed.text
    assert {row["name"] for row in listed.json()["items"]} == {"t", "ci"}


def test_the_audit_log_names_who_did_what_and_its_chain_holds(server: Server) -> None:
    issued = server.license()
    page = server.client.get("/v1/audit", headers=server.admin).json()
    done = [(row["what"], row["subject"]) for row in page["items"]]
    assert done[-2:] == [("customer.add", issued["customer"]), ("license.issue", issued["id"])]
    tokens = server.client.get("/v1/api-tokens", headers=server.admin).json()["items"]
    assert page["items"][-1]["who"] == f"t ({tokens[0]['id']})"
    verdict = server.client.get("/v1/audit/verdict", headers=server.admin).json()
    assert verdict == {"intact": True, "broken_at": None}
    server.service.database.write_now(
        lambda connection: connection.execute("UPDATE audit SET who = 'x' WHERE sequence = 2")
    )
    verdict = server.client.get("/v1/audit/verdict", headers=server.admin).json()
    assert verdict == {"intact": False, "broken_at": 2}


def test_the_audit_log_is_read_in_pages(server: Server) -> None:
    server.license()
    first = server.client.get("/v1/audit?limit=2", headers=server.admin).json()
    assert [row["sequence"] for row in first["items"]] == [1, 2]
    second = server.client.get(f"/v1/audit?after={first['next']}", headers=server.admin).json()
    assert [row["sequence"] for row in second["items"]] == [3]
    assert second["next"] is None


def test_a_sequence_beyond_what_the_database_counts_is_refused(server: Server) -> None:
    answer = server.client.get(f"/v1/audit?after={1 << 63}", headers=server.admin)
    assert answer.status_code == 400
