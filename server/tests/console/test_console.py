# SPDX-License-Identifier: Apache-2.0
"""The console without a browser: who gets in, which forms are taken, what the pages hold."""

import re
import sqlite3
from typing import Any

import pytest

from coreline_server.auth.rules import form_token

# The fixture `server` of conftest.py; its class is not importable from here.
Server = Any

PASSWORD = "correct horse battery"
ORIGIN = {"Origin": "http://vendor.example"}
PAGES = [
    "/console",
    "/console/customers",
    "/console/licenses",
    "/console/licenses/new",
    "/console/packages",
    "/console/tokens",
    "/console/audit",
]


@pytest.fixture
def inside(server: Server) -> Server:
    """Someone who is signed in."""
    session = server.run(server.service.keeper.open_session)
    server.client.cookies.set("coreline_session", session)
    server.form = {"form_token": form_token(session)}
    return server


def post(server: Server, path: str, **fields: str) -> Any:
    data = {**getattr(server, "form", {}), **fields}
    return server.client.post(path, data=data, headers=ORIGIN, follow_redirects=False)


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_is_sent_to_the_sign_in(server: Server, path: str) -> None:
    answer = server.client.get(path, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/sign-in")


@pytest.mark.parametrize("path", PAGES)
def test_pages_bring_nothing_from_elsewhere(inside: Server, path: str) -> None:
    answer = inside.client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "<script" not in answer.text
    assert "style=" not in answer.text
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', answer.text)


def test_the_setup_page_sets_the_password_and_signs_in(server: Server) -> None:
    token = server.run(server.service.keeper.open_setup)
    page = server.client.get(f"/setup?token={token}")
    assert page.status_code == 200
    assert 'type="password"' in page.text
    assert page.headers["referrer-policy"] == "same-origin"
    short = post(server, "/setup", token=token, password="short")
    assert short.status_code == 400
    assert "12 are the least" in short.text
    done = post(server, "/setup", token=token, password=PASSWORD)
    assert done.status_code == 200
    assert "cla_" in done.text
    cookie = done.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert server.client.get("/console").status_code == 200
    again = server.client.get(f"/setup?token={token}")
    assert again.status_code == 403
    assert 'type="password"' not in again.text


def test_signing_in_and_out(server: Server) -> None:
    token = server.run(server.service.keeper.open_setup)
    server.client.post("/setup", json={"token": token, "password": PASSWORD})
    wrong = post(server, "/console/sign-in", password="something else!")
    assert wrong.status_code == 401
    assert "set-cookie" not in wrong.headers
    done = post(server, "/console/sign-in", password=PASSWORD)
    assert (done.status_code, done.headers["location"]) == (303, "/console")
    session = server.client.cookies["coreline_session"]
    assert server.client.get("/console").status_code == 200
    left = post(server, "/console/sign-out", form_token=form_token(session))
    assert left.headers["location"] == "/console/sign-in"
    # The session is gone at the server, not only in this browser.
    server.client.cookies.set("coreline_session", session)
    assert server.client.get("/console", follow_redirects=False).status_code == 303


def test_guessing_is_slowed_down(server: Server) -> None:
    token = server.run(server.service.keeper.open_setup)
    server.client.post("/setup", json={"token": token, "password": PASSWORD})
    for _ in range(5):
        assert post(server, "/console/sign-in", password="guess").status_code == 401
    refused = post(server, "/console/sign-in", password=PASSWORD)
    assert refused.status_code == 429
    server.clock.move(minutes=5)
    assert post(server, "/console/sign-in", password=PASSWORD).status_code == 303


def test_before_the_setup_nobody_signs_in(server: Server) -> None:
    answer = post(server, "/console/sign-in", password="")
    assert answer.status_code == 409
    assert "setup link" in answer.text


def test_a_session_ends(inside: Server) -> None:
    inside.clock.move(hours=12)
    assert inside.client.get("/console", follow_redirects=False).status_code == 303


@pytest.mark.parametrize(
    ("headers", "fields"),
    [
        ({"Origin": "http://evil.example"}, {}),
        ({"Origin": "null"}, {}),
        ({"Sec-Fetch-Site": "cross-site"}, {}),
        (ORIGIN, {"form_token": "guessed"}),
        (ORIGIN, {"form_token": ""}),
    ],
)
def test_a_form_from_elsewhere_does_nothing(
    inside: Server, headers: dict[str, str], fields: dict[str, str]
) -> None:
    data = {**inside.form, "name": "Mallory", "email": "m@evil.example", **fields}
    answer = inside.client.post(
        "/console/customers", data=data, headers=headers, follow_redirects=False
    )
    assert answer.status_code == 403
    assert "Mallory" not in inside.client.get("/console/customers").text


def test_a_customer_gets_a_license_through_forms(inside: Server) -> None:
    name = "<script>alert(1)</script> & Co"
    done = post(inside, "/console/customers", name=name, email="it@acme.example", segment="")
    assert done.status_code == 303
    page = inside.client.get("/console/customers").text
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Co" in page
    customer = re.findall(r"CUS-[A-Z2-9]{12}", page)[0]
    form = inside.client.get("/console/licenses/new").text
    key = re.findall(r'name="key" value="([^"]+)"', form)[0]
    fields = {"customer": customer, "edition": "enterprise", "seats": "5", "key": key}
    issued = post(inside, "/console/licenses/new", expires="2027-11-30", **fields)
    assert issued.status_code == 303, issued.text
    # A second click on the button makes no second license.
    again = post(inside, "/console/licenses/new", expires="2027-11-30", **fields)
    assert again.headers["location"] == issued.headers["location"]
    shown = inside.client.get(issued.headers["location"]).text
    assert "to 2027-11-30" in shown
    assert "fleet, compliance" in shown
    file = inside.client.get(f"{issued.headers['location']}/file")
    assert file.text.startswith("-----BEGIN CORELINE LICENSE-----")
    assert file.headers["content-disposition"].startswith("attachment")
    listed = inside.client.get("/console/licenses?status=active").text
    assert issued.headers["location"] in listed
    assert (
        issued.headers["location"] not in inside.client.get("/console/licenses?status=expired").text
    )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"edition": "nothing"}, "no edition nothing"),
        ({"seats": "0"}, "seats"),
        ({"seats": "many"}, "seats"),
        ({"expires": "yesterday"}, "yesterday is no day"),
        ({"expires": "2020-01-01"}, "would end before it begins"),
        ({"edition": "basic", "trial": "true"}, "offers no trial"),
    ],
)
def test_a_mistake_in_a_form_is_said_on_the_form(
    inside: Server, fields: dict[str, str], said: str
) -> None:
    given = {"customer": inside.customer(), "edition": "enterprise", "seats": "1", **fields}
    answer = post(inside, "/console/licenses/new", **given)
    assert answer.status_code == 400
    assert said in answer.text
    assert "<form" in answer.text


def test_revoking_and_a_registry_token(inside: Server) -> None:
    issued = inside.license()
    address = f"/console/licenses/{issued['id']}"
    shown = post(inside, f"{address}/registry-token").text
    token = re.findall(r"clr_[0-9a-f]{64}", shown)[0]
    page = inside.client.get(address).text
    assert token not in page
    assert f"{address}/registry-tokens/revoke" in page
    assert post(inside, f"{address}/registry-tokens/revoke").status_code == 303
    assert f"{address}/registry-tokens/revoke" not in inside.client.get(address).text
    assert post(inside, f"{address}/revoke", reason="charge back").status_code == 303
    page = inside.client.get(address).text
    assert "charge back" in page
    assert "Revoke" not in page.replace("Revoked", "")


def test_a_license_shows_its_seats_and_is_renewed(inside: Server) -> None:
    issued = inside.license(seats=2)
    machine = {"Authorization": f"Bearer {issued['token']}"}
    for name in ("web-1", "web-2"):
        body = {"fingerprint": f"fp-{name}", "name": name, "lease_seconds": 60}
        inside.client.post("/v1/activations", json=body, headers=machine)
        inside.clock.move(seconds=40)
    address = f"/console/licenses/{issued['id']}"
    page = inside.client.get(address).text
    assert "Seats taken: 1 of 2" in page
    assert page.index("fp-web-2") < page.index("fp-web-1")
    assert "lapsed" in page
    assert post(inside, f"{address}/renew", expires="2027-12-20").status_code == 303
    assert "to 2027-12-20" in inside.client.get(address).text
    refused = post(inside, f"{address}/renew", expires="2027-01-01")
    assert refused.status_code == 400
    assert "runs until 2027-12-20 already" in refused.text
    assert post(inside, f"{address}/renew", expires="").status_code == 400


def test_long_lists_go_on_with_older_rows(inside: Server) -> None:
    customer = inside.customer()
    for _ in range(51):
        body = {"customer": customer, "edition": "enterprise"}
        inside.client.post("/v1/licenses", json=body, headers=inside.admin)
    page = inside.client.get(f"/console/licenses?status=active&customer={customer}").text
    (older,) = re.findall(r'href="([^"]*cursor=[^"]*)"', page)
    rest = inside.client.get(older.replace("&amp;", "&")).text
    assert page.count("LIC-") == 100
    assert rest.count("LIC-") == 2
    assert "cursor=" not in rest


def test_tokens_are_made_shown_once_and_revoked(inside: Server) -> None:
    shown = post(inside, "/console/tokens", name="ci", scope="upload").text
    secret = re.findall(r"cla_[\w-]{43}", shown)[0]
    page = inside.client.get("/console/tokens").text
    assert secret not in page
    token_id = re.findall(r"/console/tokens/(TOK-\w+)/revoke", page)
    assert len(token_id) == 2
    for one in token_id:
        assert post(inside, f"/console/tokens/{one}/revoke").status_code == 303
    assert inside.client.get("/v1/customers", headers=inside.admin).status_code == 401
    assert post(inside, "/console/tokens", name="x", scope="root").status_code == 400


def test_what_is_not_there_is_said_on_a_page(inside: Server) -> None:
    answer = inside.client.get("/console/licenses/LIC-NOTHING")
    assert answer.status_code == 404
    assert "There is no license LIC-NOTHING." in answer.text


def test_the_overview_counts_and_shows_the_funnel(inside: Server) -> None:
    inside.license()
    inside.license(trial=True)
    text = re.sub(r"<[^>]+>", " ", inside.client.get("/console").text)
    assert re.search(r"2\s+customers", text)
    assert re.search(r"1\s+active licenses", text)
    assert re.search(r"1\s+trials", text)


def test_the_audit_page_tells_of_tampering(inside: Server) -> None:
    assert "is whole" in inside.client.get("/console/audit").text
    inside.service.database.write_now(lambda connection: connection.execute("DELETE FROM audit"))
    inside.license()
    assert "is whole" in inside.client.get("/console/audit").text
    inside.service.database.write_now(
        lambda connection: connection.execute("DELETE FROM audit WHERE sequence = 1")
    )
    assert "broken at entry 1" in inside.client.get("/console/audit").text


def test_style_and_icon_are_served(server: Server) -> None:
    assert server.client.get("/console/style.css").headers["content-type"].startswith("text/css")
    assert "svg" in server.client.get("/console/icon.svg").headers["content-type"]
    root = server.client.get("/", follow_redirects=False)
    assert root.headers["location"] == "/console"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/console/licenses/LIC-NOTHING", 404),
        ("/console/licenses?cursor=" + "a" * 400, 400),
        ("/console/licenses?cursor=!", 400),
    ],
)
def test_pages_of_errors_are_pages_and_as_guarded(inside: Server, path: str, status: int) -> None:
    answer = inside.client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


def test_the_overview_counts_beyond_a_page(inside: Server) -> None:
    issued = inside.license(seats=2)
    machine = {"Authorization": f"Bearer {issued['token']}"}
    inside.client.post("/v1/activations", json={"fingerprint": "live"}, headers=machine)
    rows = [(f"CUS-{n}", f"n{n}", "a@b", None, n) for n in range(600)]
    lapsed = [(f"ACT-{n}", issued["id"], f"f{n}", "", 2**31, 1, 60, 1) for n in range(600)]

    def fill(connection: sqlite3.Connection) -> None:
        connection.executemany("INSERT INTO customers VALUES (?, ?, ?, ?, ?)", rows)
        connection.executemany("INSERT INTO activations VALUES (?, ?, ?, ?, ?, ?, ?, ?)", lapsed)

    inside.service.database.write_now(fill)
    text = re.sub(r"<[^>]+>", " ", inside.client.get("/console").text)
    assert re.search(r"601\s+customers", text)
    assert re.search(r"1\s+seats taken", text)
    assert "Seats taken: 1 of 2" in inside.client.get(f"/console/licenses/{issued['id']}").text


def test_a_refused_form_keeps_what_was_given(inside: Server) -> None:
    refused = post(inside, "/console/customers", name="Acme", email="no address", segment="")
    assert refused.status_code == 400
    assert 'value="Acme"' in refused.text
    assert 'value="no address"' in refused.text
    first, second = inside.customer("First"), inside.customer("Second")
    given = {"customer": first, "edition": "basic", "seats": "7", "trial": "true"}
    refused = post(inside, "/console/licenses/new", expires="2027-03-01", **given)
    assert refused.status_code == 400
    for kept in (f'value="{first}" selected', 'value="basic" selected', 'value="7"', " checked"):
        assert kept in refused.text, kept
    assert 'value="2027-03-01"' in refused.text
    assert f'value="{second}" selected' not in refused.text


def test_a_customer_leads_to_their_licenses_and_to_a_new_one(inside: Server) -> None:
    customer = inside.customer("Old & Co")
    rows = [(f"CUS-{n}", f"n{n}", "a@b", None, 2**31) for n in range(500)]
    inside.service.database.write_now(
        lambda connection: connection.executemany(
            "INSERT INTO customers VALUES (?, ?, ?, ?, ?)", rows
        )
    )
    page = inside.client.get(f"/console/licenses?customer={customer}").text
    assert "Of Old &amp; Co." in page
    (address,) = re.findall(r'href="(/console/licenses/new[^"]*)"', page)
    assert f'value="{customer}" selected' in inside.client.get(address).text
    assert inside.client.get("/console/licenses?customer=a%26status%3Drevoked").status_code == 404
