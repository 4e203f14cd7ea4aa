# SPDX-License-Identifier: Apache-2.0
"""Customers, licenses and machines through HTTP."""

import asyncio
import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx
import pytest

from coreline.licensing.keyring import load_root_public
from coreline_sdk.chain import Trust
from coreline_sdk.verify import verify_lease, verify_license, verify_revocations
from coreline_server.config import Config

# The fixture `server` of conftest.py; its class is not importable from here.
Server = Any


def trust(config: Config) -> Trust:
    return Trust([load_root_public(config.keys)])


def bearer(license: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {license['token']}"}


def activate(server: Server, license: dict[str, Any], fingerprint: str, **fields: Any) -> Any:
    body = {"fingerprint": fingerprint, **fields}
    return server.client.post("/v1/activations", json=body, headers=bearer(license))


# Customers ----------------------------------------------------------------------------------------


def test_a_customer_is_kept_and_shown(server: Server) -> None:
    body = {"name": "Ünïcode & Söhne", "email": "it@soehne.example", "segment": "enterprise"}
    made = server.client.post("/v1/customers", json=body, headers=server.admin)
    assert made.status_code == 201
    shown = server.client.get(f"/v1/customers/{made.json()['id']}", headers=server.admin)
    assert shown.json() == made.json()
    assert body.items() <= shown.json().items()


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"name": "", "email": "a@b"}, "name"),
        ({"name": "x", "email": "nobody"}, "email"),
        ({"name": "x"}, "email"),
        ({"name": "x", "email": "a@b", "rank": 1}, "rank"),
    ],
)
def test_a_mistake_in_a_customer_is_named(server: Server, body: Any, where: str) -> None:
    answer = server.client.post("/v1/customers", json=body, headers=server.admin)
    assert (answer.status_code, answer.json()["code"]) == (400, "request-invalid")
    assert where in str(answer.json()["mistakes"])


def test_a_segment_must_be_of_the_manifest(server: Server) -> None:
    body = {"name": "x", "email": "a@b", "segment": "enterprize"}
    answer = server.client.post("/v1/customers", json=body, headers=server.admin)
    assert answer.json()["code"] == "segment-unknown"
    assert "enterprise" in answer.json()["hint"]


def test_pages_show_every_row_once_even_while_rows_are_added(server: Server) -> None:
    made = [server.customer(f"c{n}") for n in range(7)]
    seen: list[str] = []
    cursor = ""
    while True:
        address = f"/v1/customers?limit=3{cursor}"
        page = server.client.get(address, headers=server.admin).json()
        seen += [row["id"] for row in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
        server.clock.move(seconds=1)
        server.customer("added meanwhile")
    assert sorted(seen) == sorted(made)


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "cursor=nonsense", "limit=x"])
def test_a_page_that_cannot_be(server: Server, query: str) -> None:
    answer = server.client.get(f"/v1/customers?{query}", headers=server.admin)
    assert answer.status_code == 400
    assert answer.json()["code"] in ("request-invalid", "cursor-invalid")


# Licenses -----------------------------------------------------------------------------------------


def test_an_issued_license_verifies_in_a_product(server: Server, config: Config) -> None:
    issued = server.license(seats=25)
    answer = server.client.get(f"/v1/licenses/{issued['id']}/file", headers=server.admin)
    assert answer.headers["content-type"].startswith("text/plain")
    claims = verify_license(answer.text, trust(config), "converge").claims
    assert claims.license_id == issued["id"]
    assert claims.customer == "Acme"
    assert (claims.seats, claims.grace_days, claims.trial) == (25, 14, False)
    assert sorted(claims.features) == sorted(issued["features"]) == ["compliance", "fleet"]
    assert issued["status"] == "active"
    assert issued["days_left"] == 365


def test_a_trial_lasts_the_days_of_its_edition_and_has_no_grace(server: Server) -> None:
    issued = server.license(trial=True)
    assert (issued["status"], issued["days_left"]) == ("trial", 30)
    server.clock.move(days=30)
    shown = server.client.get(f"/v1/licenses/{issued['id']}", headers=server.admin).json()
    assert shown["status"] == "expired"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"edition": "enterprize"}, "edition-unknown"),
        ({"customer": "CUS-NOBODY"}, "customer-not-found"),
        ({"edition": "basic", "trial": True}, "trial-not-offered"),
        ({"expires": "2020-01-01T00:00:00Z"}, "expiry-too-early"),
        ({"expires": "2090-01-01T00:00:00Z"}, "license-too-long"),
        ({"seats": 0}, "request-invalid"),
        ({"expires": "2027-01-01T00:00:00"}, "request-invalid"),
    ],
)
def test_a_license_that_cannot_be(server: Server, fields: dict[str, Any], code: str) -> None:
    body = {"customer": server.customer(), "edition": "enterprise", **fields}
    answer = server.client.post("/v1/licenses", json=body, headers=server.admin)
    assert answer.json()["code"] == code
    listed = server.client.get("/v1/licenses", headers=server.admin).json()
    assert listed["items"] == []


def test_the_status_follows_the_time(server: Server) -> None:
    expires = (server.clock.now + timedelta(days=10)).isoformat()
    issued = server.license(expires=expires)

    def status() -> str:
        address = f"/v1/licenses/{issued['id']}"
        return str(server.client.get(address, headers=server.admin).json()["status"])

    assert status() == "active"
    server.clock.move(days=10)
    assert status() == "grace"
    server.clock.move(days=14)
    assert status() == "expired"


def test_a_list_by_status_agrees_with_the_rule(server: Server) -> None:
    def end(days: int) -> str:
        return (server.clock.now + timedelta(days=days)).isoformat()

    server.license(expires=end(400))
    server.license(expires=end(40), starts=end(39))
    server.license(trial=True)
    server.license(expires=end(1))
    gone = server.license()
    server.client.post(f"/v1/licenses/{gone['id']}/revoke", headers=server.admin)
    for days in (0, 2, 20, 200, 200):
        server.clock.move(days=days)
        listed = server.client.get("/v1/licenses", headers=server.admin).json()["items"]
        for status in ("scheduled", "active", "trial", "grace", "expired", "revoked"):
            address = f"/v1/licenses?status={status}"
            found = server.client.get(address, headers=server.admin).json()["items"]
            assert found == [row for row in listed if row["status"] == status]


def test_a_retry_with_the_same_key_makes_nothing_twice(server: Server) -> None:
    body = {"customer": server.customer(), "edition": "enterprise"}
    headers = {**server.admin, "Idempotency-Key": "order 17"}
    first = server.client.post("/v1/licenses", json=body, headers=headers).json()
    server.clock.move(hours=1)
    second = server.client.post("/v1/licenses", json=body, headers=headers).json()
    assert (second["id"], second["token"]) == (first["id"], first["token"])
    other = server.client.post("/v1/licenses", json={**body, "seats": 9}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    assert len(server.client.get("/v1/licenses", headers=server.admin).json()["items"]) == 1
    # Without a key each request is an order of its own.
    third = server.client.post("/v1/licenses", json=body, headers=server.admin).json()
    assert third["id"] != first["id"]


def test_retries_at_the_same_moment_make_one_license(server: Server) -> None:
    body = {"customer": server.customer(), "edition": "enterprise"}
    headers = {**server.admin, "Idempotency-Key": "order 18"}

    def order(_: int) -> str:
        return str(server.client.post("/v1/licenses", json=body, headers=headers).json()["id"])

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(order, range(16)))) == 1
    assert len(server.client.get("/v1/licenses", headers=server.admin).json()["items"]) == 1


def test_a_key_holds_for_customers_and_renewals_too(server: Server) -> None:
    headers = {**server.admin, "Idempotency-Key": "k1"}
    body = {"name": "x", "email": "a@b"}
    made = [server.client.post("/v1/customers", json=body, headers=headers) for _ in range(2)]
    assert made[0].json() == made[1].json()
    issued = server.license()
    renewal = {"expires": (server.clock.now + timedelta(days=399)).isoformat()}
    address = f"/v1/licenses/{issued['id']}/renew"
    headers = {**server.admin, "Idempotency-Key": "k2"}
    done = [server.client.post(address, json=renewal, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in done] == [200, 200]
    assert done[0].json()["token"] == done[1].json()["token"]


def test_a_renewal_keeps_the_id_and_what_hangs_on_it(server: Server) -> None:
    issued = server.license(seats=1)
    seat = activate(server, issued, "a").json()
    server.clock.move(days=370)
    renewal = {"expires": (server.clock.now + timedelta(days=365)).isoformat(), "seats": 3}
    address = f"/v1/licenses/{issued['id']}/renew"
    renewed = server.client.post(address, json=renewal, headers=server.admin).json()
    assert (renewed["id"], renewed["status"], renewed["seats"]) == (issued["id"], "active", 3)
    assert renewed["token"] != issued["token"]
    # A machine with the file of the first term learns of the second.
    validated = server.client.get("/v1/validate", headers=bearer(issued)).json()
    assert validated["token"] == renewed["token"]
    assert activate(server, issued, "a").json()["id"] == seat["id"]


def test_a_renewal_must_be_longer(server: Server) -> None:
    issued = server.license()
    body = {"expires": issued["expires"]}
    address = f"/v1/licenses/{issued['id']}/renew"
    answer = server.client.post(address, json=body, headers=server.admin)
    assert (answer.status_code, answer.json()["code"]) == (400, "renewal-too-short")


def test_revoking_puts_the_license_on_the_signed_list(server: Server, config: Config) -> None:
    issued, other = server.license(), server.license()
    before = server.client.get("/v1/revocations")
    assert before.headers["content-type"].startswith("text/plain")
    address = f"/v1/licenses/{issued['id']}/revoke"
    done = server.client.post(address, json={"reason": "charge back"}, headers=server.admin)
    assert (done.status_code, done.json()["status"]) == (200, "revoked")
    (listed,) = verify_revocations(server.client.get("/v1/revocations").text, trust(config))
    assert listed.claims.licenses == {issued["id"]}
    (earlier,) = verify_revocations(before.text, trust(config))
    assert listed.claims.number > earlier.claims.number
    # The list goes into the files of others too, so that an air gap learns of it.
    file = server.client.get(f"/v1/licenses/{other['id']}/file", headers=server.admin).text
    (inside,) = verify_license(file, trust(config), "converge").revocations
    assert inside.claims.licenses == {issued["id"]}
    again = server.client.post(address, headers=server.admin)
    assert (again.status_code, again.json()["code"]) == (409, "license-revoked-already")
    refused = activate(server, issued, "a")
    assert (refused.status_code, refused.json()["code"]) == (403, "license-revoked")
    assert "charge back" in refused.json()["detail"]
    renewal = {"expires": "2027-12-01T00:00:00Z"}
    renewed = server.client.post(
        f"/v1/licenses/{issued['id']}/renew", json=renewal, headers=server.admin
    )
    assert renewed.json()["code"] == "license-revoked"


def test_a_registry_token_is_shown_once_and_kept_hashed(server: Server) -> None:
    issued = server.license()
    address = f"/v1/licenses/{issued['id']}/registry-tokens"
    token = server.client.post(address, headers=server.admin).json()["token"]
    with server.service.database.read() as connection:
        rows = connection.execute("SELECT token_sha256, license_id FROM registry_tokens").fetchall()
    assert rows == [(hashlib.sha256(token.encode()).digest(), issued["id"])]


# Machines -----------------------------------------------------------------------------------------


def test_a_lease_verifies_offline_and_the_same_machine_keeps_its_seat(
    server: Server, config: Config
) -> None:
    issued = server.license(seats=1)
    first = activate(server, issued, "machine-a", name="web-1")
    assert first.status_code == 201
    claims = verify_lease(first.json()["lease"], trust(config), "converge")
    assert (claims.license_id, claims.fingerprint) == (issued["id"], "machine-a")
    assert claims.activation_id == first.json()["id"]
    assert activate(server, issued, "machine-a").json()["id"] == first.json()["id"]
    full = activate(server, issued, "machine-b")
    assert (full.status_code, full.json()["code"]) == (409, "seats-exhausted")
    assert "machine-a" in full.json()["hint"]


def test_a_silent_seat_frees_itself(server: Server) -> None:
    issued = server.license(seats=1)
    container = activate(server, issued, "container", lease_seconds=60).json()
    assert activate(server, issued, "b").status_code == 409
    server.clock.move(seconds=60)
    assert activate(server, issued, "b").status_code == 201
    beat = server.client.post(
        f"/v1/activations/{container['id']}/heartbeat", headers=bearer(issued)
    )
    assert (beat.status_code, beat.json()["code"]) == (410, "activation-lapsed")
    assert activate(server, issued, "container").status_code == 409


def test_heartbeats_keep_a_seat(server: Server) -> None:
    issued = server.license(seats=1)
    seat = activate(server, issued, "a", lease_seconds=60).json()
    for _ in range(3):
        server.clock.move(seconds=59)
        address = f"/v1/activations/{seat['id']}/heartbeat"
        beat = server.client.post(address, headers=bearer(issued))
        assert beat.status_code == 200
        assert beat.json()["expires"] > seat["expires"]
    assert activate(server, issued, "b").status_code == 409


def test_a_seat_is_freed_by_its_own_license_alone(server: Server) -> None:
    issued, other = server.license(seats=1), server.license()
    seat = activate(server, issued, "a").json()
    address = f"/v1/activations/{seat['id']}"
    for method, path in (("DELETE", address), ("POST", f"{address}/heartbeat")):
        answer = server.client.request(method, path, headers=bearer(other))
        assert (answer.status_code, answer.json()["code"]) == (404, "activation-not-found")
    assert server.client.delete(address, headers=bearer(issued)).status_code == 204
    assert server.client.delete(address, headers=bearer(issued)).status_code == 404
    assert activate(server, issued, "b").status_code == 201


def test_a_dead_license_is_refused_with_the_day(server: Server) -> None:
    issued = server.license(trial=True)
    server.clock.move(days=31)
    answer = activate(server, issued, "a")
    assert (answer.status_code, answer.json()["code"]) == (402, "license-expired")
    assert "2026-12-24" in answer.json()["detail"]
    assert "core keeps running" in answer.json()["hint"]
    # It may still ask how it stands.
    shown = server.client.get("/v1/validate", headers=bearer(issued))
    assert shown.json()["status"] == "expired"


@pytest.mark.parametrize("token", ["", "x", "eyJhbGciOiJub25lIn0.e30."])
def test_a_machine_without_a_license_of_ours(server: Server, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = server.client.post("/v1/activations", json={"fingerprint": "a"}, headers=headers)
    assert answer.status_code == 401
    assert answer.json()["code"] in ("license-unknown", "sign-in-needed")


def test_the_vendor_sees_who_sits_where(server: Server) -> None:
    issued, other = server.license(), server.license()
    activate(server, issued, "a", lease_seconds=60)
    activate(server, other, "b")
    server.clock.move(seconds=61)
    listed = server.client.get("/v1/activations", headers=server.admin).json()["items"]
    assert {(row["fingerprint"], row["live"]) for row in listed} == {("a", False), ("b", True)}
    address = f"/v1/activations?license={issued['id']}"
    mine = server.client.get(address, headers=server.admin).json()["items"]
    assert [row["fingerprint"] for row in mine] == ["a"]
    assert server.client.get("/v1/activations", headers=bearer(issued)).status_code == 401


def test_renewals_at_the_same_moment_never_shorten_a_license(server: Server) -> None:
    issued = server.license()
    address = f"/v1/licenses/{issued['id']}"

    async def renew_all() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app=server.service.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://vendor.example") as web:
            bodies = [{"expires": f"2027-12-{day:02}T00:00:00Z"} for day in (5, 20, 6, 20, 7)]
            posts = [web.post(f"{address}/renew", json=b, headers=server.admin) for b in bodies]
            return list(await asyncio.gather(*posts))

    answers = server.run(renew_all)
    assert [answer.status_code for answer in answers] == [200, 200, 400, 400, 400]
    assert {answer.json()["code"] for answer in answers[2:]} == {"renewal-too-short"}
    kept = server.client.get(address, headers=server.admin).json()
    assert kept["expires"] == "2027-12-20T00:00:00Z"


@pytest.mark.parametrize(
    "fields",
    [
        {"starts": "9999-06-01T00:00:00Z"},
        {"starts": "9999-12-31T00:00:00Z", "trial": True},
        {"starts": "0001-01-01T00:00:00+12:00"},
        {"expires": "9999-12-31T23:59:59-12:00"},
    ],
)
def test_dates_at_the_ends_of_the_calendar_are_refused(
    server: Server, fields: dict[str, Any]
) -> None:
    body = {"customer": server.customer(), "edition": "enterprise", **fields}
    answer = server.client.post("/v1/licenses", json=body, headers=server.admin)
    assert answer.status_code == 400
    assert answer.json()["code"] in {"date-out-of-range", "trial-too-long"}


@pytest.mark.parametrize(
    "fields", [{"email": "a@b.example\n"}, {"name": "Ac\nme"}, {"name": "\x00"}, {"name": " "}]
)
def test_a_customer_that_no_license_could_name_is_not_kept(
    server: Server, fields: dict[str, str]
) -> None:
    body = {"name": "Acme", "email": "it@acme.example", **fields}
    assert server.client.post("/v1/customers", json=body, headers=server.admin).status_code == 400
    assert server.client.get("/v1/customers", headers=server.admin).json()["items"] == []


def test_leaked_registry_tokens_are_revoked_and_the_license_lives_on(server: Server) -> None:
    issued, other = server.license(), server.license()
    made = {}
    for one in (issued, other):
        address = f"/v1/licenses/{one['id']}/registry-tokens"
        made[one["id"]] = server.client.post(address, headers=server.admin).json()["token"]

    def reads(token: str) -> int:
        page = server.client.get("/simple/converge-enterprise/", auth=("__token__", token))
        return int(page.status_code)

    assert reads(made[issued["id"]]) != 401
    address = f"/v1/licenses/{issued['id']}/registry-tokens"
    assert server.client.delete(address, headers=server.admin).json() == {"revoked": 1}
    assert reads(made[issued["id"]]) == 401
    assert reads(made[other["id"]]) != 401
    assert server.client.delete(address, headers=server.admin).json() == {"revoked": 0}
    kept = server.client.get(f"/v1/licenses/{issued['id']}", headers=server.admin).json()
    assert kept["status"] == "active"
    audit = server.client.get("/v1/audit", headers=server.admin).json()["items"]
    assert [row["what"] for row in audit].count("registry-tokens.revoke") == 1
