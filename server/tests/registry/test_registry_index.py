# SPDX-License-Identifier: Apache-2.0
"""Index pages and files over HTTP, as the simple repository API has them."""

import pytest

JSON = "application/vnd.pypi.simple.v1+json"
WRAP = "converge-enterprise"


def test_core_is_public_whatever_the_credential(registry):
    registry.wheel("converge", "1.0")
    for headers in ({}, registry.basic("wrong"), {"Authorization": "Bearer x"}):
        page = registry.client.get("/simple/converge/", headers=headers)
        assert page.status_code == 200
        file = registry.client.get("/files/converge/converge-1.0-py3-none-any.whl", headers=headers)
        assert file.content == registry.make_wheel("converge", "1.0")


def test_html_and_json_by_accept(registry):
    registry.wheel("converge", "1.0")
    html = registry.client.get("/simple/converge/")
    assert html.headers["content-type"] == "text/html; charset=utf-8"
    found = registry.client.get("/simple/converge/", headers={"Accept": JSON})
    assert found.headers["content-type"] == JSON
    assert found.json()["files"][0]["filename"] == "converge-1.0-py3-none-any.whl"
    assert found.headers["vary"] == html.headers["vary"] == "Accept"
    assert found.headers["etag"] != html.headers["etag"]
    refused = registry.client.get("/simple/converge/", headers={"Accept": "image/png"})
    assert (refused.status_code, refused.json()["code"]) == (406, "not-acceptable")


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/simple", "/simple/"),
        ("/simple/converge", "/simple/converge/"),
        ("/simple/Converge/", "/simple/converge/"),
        ("/simple/Converge_.Enterprise/", f"/simple/{WRAP}/"),
        ("/simple/never-heard", "/simple/never-heard/"),
    ],
)
def test_other_spellings_are_redirected(registry, path, location):
    answer = registry.client.get(path, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (301, location)


@pytest.mark.parametrize(
    "path", ["/simple/requests/", "/simple/..%2f/", "/simple/-/", "/files/x/y"]
)
def test_unknown_projects_are_not_found(registry, path):
    answer = registry.client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "project-unknown")


def test_a_known_name_without_files_is_an_empty_page(registry):
    answer = registry.client.get("/simple/converge/", headers={"Accept": JSON})
    assert (answer.status_code, answer.json()["files"]) == (200, [])


def test_wrap_without_a_credential_is_challenged_with_the_reason(registry):
    registry.wheel(WRAP, "1.0")
    name = registry.wheel_name(WRAP, "1.0")
    for path in (f"/simple/{WRAP}/", f"/files/{WRAP}/{name}", f"/files/{WRAP}/{name}.metadata"):
        for headers, code in (
            ({}, "registry-credential-missing"),
            (registry.basic("wrong"), "registry-credential-unknown"),
            ({"Authorization": "Basic ***"}, "registry-credential-unknown"),
            ({"Authorization": "Bearer live"}, "registry-credential-unknown"),
        ):
            answer = registry.client.get(path, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (401, code)
            assert answer.headers["www-authenticate"].startswith("Basic realm=")
            assert "registry token" in answer.json()["detail"]


def test_a_live_license_gets_the_wrap_and_the_download_is_told(registry):
    token = registry.basic(registry.token("live"))
    registry.wheel(WRAP, "1.0")
    page = registry.client.get(f"/simple/{WRAP}/", headers=token)
    assert page.headers["vary"] == "Accept, Authorization"
    assert page.headers["cache-control"] == "private, no-cache"
    name = registry.wheel_name(WRAP, "1.0")
    file = registry.client.get(f"/files/{WRAP}/{name}", headers=token)
    assert file.content == registry.make_wheel(WRAP, "1.0")
    assert file.headers["cache-control"].startswith("private")
    registry.client.head(f"/files/{WRAP}/{name}", headers=token)
    etag = {"If-None-Match": file.headers["etag"]}
    assert registry.client.get(f"/files/{WRAP}/{name}", headers=token | etag).status_code == 304
    assert registry.downloads[0] == (WRAP, name, "LIC-live")


def test_a_core_download_names_no_license(registry):
    registry.wheel("converge", "1.0")
    token = registry.basic(registry.token("live"))
    registry.client.get("/files/converge/converge-1.0-py3-none-any.whl", headers=token)
    assert registry.downloads == [("converge", "converge-1.0-py3-none-any.whl", None)]


def test_an_expired_license_keeps_its_builds_and_hears_why_not_the_new_ones(registry):
    token = registry.basic(registry.token("old", grace_days=3))
    registry.wheel(WRAP, "1.0")
    registry.clock[0] = registry.EXPIRES + registry.DAY
    registry.wheel(WRAP, "2.0")
    new = f"/files/{WRAP}/{registry.wheel_name(WRAP, '2.0')}"
    assert registry.client.get(new, headers=token).status_code == 200, "still in grace"
    registry.clock[0] = registry.EXPIRES + 3 * registry.DAY
    page = registry.client.get(f"/simple/{WRAP}/", headers=token)
    assert "2.0-py3" in page.text
    old = registry.client.get(f"/files/{WRAP}/{registry.wheel_name(WRAP, '1.0')}", headers=token)
    assert old.status_code == 200
    refused = registry.client.get(new, headers=token, follow_redirects=False)
    target = "/license-LIC-old-expired-2027-02-14/renew-at/example.com/renew"
    assert (refused.status_code, refused.headers["location"]) == (302, target)
    why = registry.client.get(new, headers=token)
    assert (why.status_code, why.json()["code"]) == (402, "registry-license-expired")
    assert why.headers["content-type"] == "application/problem+json"
    assert "LIC-old expired on 2027-02-14" in why.json()["detail"]


@pytest.mark.parametrize(
    ("row", "address", "code"),
    [
        ({"revoked_at": 1_800_000_000}, "revoked-2027-01-15/ask", "registry-license-revoked"),
        ({"starts": 1_800_086_400}, "starts-2027-01-16/ask", "registry-license-not-started"),
        (
            {"features": '["charts"]'},
            "does-not-include-enterprise/ask",
            "registry-license-without-wrap",
        ),
        (
            {"features": '["gone"]'},
            "does-not-include-enterprise/ask",
            "registry-license-without-wrap",
        ),
    ],
)
def test_other_refusals_are_explained_too(registry, row, address, code):
    token = registry.basic(registry.token("x", **row))
    registry.wheel(WRAP, "1.0")
    assert registry.client.get(f"/simple/{WRAP}/", headers=token).status_code == 200
    path = f"/files/{WRAP}/{registry.wheel_name(WRAP, '1.0')}"
    refused = registry.client.get(path, headers=token, follow_redirects=False)
    assert refused.headers["location"] == f"/license-LIC-x-{address}/example.com/renew"
    assert registry.client.get(path, headers=token).json()["code"] == code


def test_only_addresses_that_are_given_out_explain(registry):
    for path in ("/license-x/renew-at/y", "/elsewhere/ask/y", "/license-L-expired-soon/ask/y"):
        assert registry.client.get(path).status_code == 404


def test_etag_saves_the_page_until_it_changes(registry):
    token = registry.basic(registry.token("live"))
    registry.wheel(WRAP, "1.0")
    first = registry.client.get(f"/simple/{WRAP}/", headers=token)
    known = token | {"If-None-Match": f'W/"other", {first.headers["etag"]}'}
    again = registry.client.get(f"/simple/{WRAP}/", headers=known)
    assert (again.status_code, again.content) == (304, b"")
    registry.wheel(WRAP, "2.0")
    changed = registry.client.get(f"/simple/{WRAP}/", headers=known)
    assert changed.status_code == 200
    assert "2.0-py3" in changed.text


def test_the_list_of_projects_is_decided_by_the_same_rule(registry):
    registry.wheel("converge", "1.0")
    registry.wheel(WRAP, "1.0")
    token = registry.basic(registry.token("live"))

    def names(headers):
        found = registry.client.get("/simple/", headers={"Accept": JSON} | headers).json()
        return [project["name"] for project in found["projects"]]

    assert names({}) == names(registry.basic("wrong")) == ["converge"]
    assert names(token) == ["converge", WRAP]


def test_unknown_files_and_absent_metadata(registry):
    registry.wheel("converge", "1.0")
    wheel = registry.wheel_name("converge", "1.0")
    for name in ("no.whl", f"{wheel}.metadata", f"{wheel}.provenance", "../../etc/passwd", ""):
        assert registry.client.get(f"/files/converge/{name}").status_code == 404
    assert registry.client.post("/simple/converge/").status_code == 405
    assert registry.client.head("/simple/converge/").content == b""


def test_a_lost_blob_is_said_and_not_served(registry):
    registry.wheel("converge", "1.0")
    for path in (registry.blobs.path("0" * 64).parents[2]).rglob("*"):
        if path.is_file():
            path.unlink()
    answer = registry.client.get("/files/converge/converge-1.0-py3-none-any.whl")
    assert (answer.status_code, answer.json()["code"]) == (500, "blob-lost")
