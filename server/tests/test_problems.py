# SPDX-License-Identifier: Apache-2.0
"""Every refusal is problem+json, and the table knows every code that the server raises."""

import ast
from pathlib import Path
from typing import Any

import pytest

import coreline_server
from coreline.errors import CorelineError, InputError, InternalError, NothingToDo, OutsideError
from coreline_server.problems import KINDS, kind_of, problem

# The fixture `server` of conftest.py; its class is not importable from here.
Server = Any

ERRORS = {"InputError", "OutsideError", "NothingToDo", "InternalError"}


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InputError("no-such-code", "x"), 400),
        (NothingToDo("no-such-code", "x"), 409),
        (OutsideError("no-such-code", "x"), 503),
        (InternalError("no-such-code", "x"), 500),
        (InputError("seats-exhausted", "x"), 409),
        (InputError("license-expired", "x"), 402),
    ],
)
def test_an_error_has_a_status(error: CorelineError, status: int) -> None:
    assert kind_of(error).status == status


def test_a_problem_has_the_members_of_the_rfc_and_ours() -> None:
    made = problem(InputError("license-expired", "It ended.", "Renew it."))
    assert made.type == "/problems/license-expired"
    assert made.title == KINDS["license-expired"].title
    assert (made.status, made.detail, made.code, made.hint) == (
        402,
        "It ended.",
        "license-expired",
        "Renew it.",
    )


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing/here", 404, "not-found"),
        ("PUT", "/v1/customers", 405, "method-not-allowed"),
        ("POST", "/health/live", 405, "method-not-allowed"),
        ("GET", "/v1/customers", 401, "sign-in-needed"),
        ("GET", "/v1/audit?limit=many", 401, "sign-in-needed"),
    ],
)
def test_http_itself_refuses_in_the_same_form(
    server: Server, method: str, path: str, status: int, code: str
) -> None:
    answer = server.client.request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    if status == 405:
        assert "GET" in answer.headers["allow"]


def test_the_type_of_a_problem_is_an_address_that_explains_it(server: Server) -> None:
    refused = server.client.get("/v1/customers").json()
    explained = server.client.get(refused["type"]).json()
    assert explained == {"code": refused["code"], "status": 401, "title": refused["title"]}
    assert server.client.get("/problems/nothing").status_code == 404


def test_a_bug_is_logged_and_tells_nothing(
    server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from coreline_server.licensing.desk import Desk

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret number 17")

    monkeypatch.setattr(Desk, "customers", fail)
    answer = server.client.get("/v1/customers", headers=server.admin)
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "17" not in answer.text
    assert "secret number 17" in caplog.text


def test_a_body_that_is_too_large(server: Server) -> None:
    body = b'{"name": "' + b"x" * 20_000_000 + b'"}'
    answer = server.client.post("/v1/customers", content=body, headers=server.admin)
    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")


def test_codes_of_the_table_are_raised_or_used() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in sources())
    toolkit = Path(coreline_server.__file__).parents[3] / "toolkit/src/coreline/licensing"
    source += "\n".join(path.read_text(encoding="utf-8") for path in toolkit.glob("*.py"))
    unused = [code for code in KINDS if source.count(f'"{code}"') < 2]
    assert unused == []


def test_codes_that_are_raised_are_literal_and_well_formed() -> None:
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ERRORS
            ):
                code = node.args[0]
                if isinstance(code, ast.Constant):
                    text = str(code.value)
                    assert text.replace("-", "").isalnum(), f"{path}:{node.lineno}"
                    assert text == text.lower(), f"{path}:{node.lineno}"


def sources() -> list[Path]:
    return sorted(Path(coreline_server.__file__).parent.rglob("*.py"))


# Only the command line meets these, before there is anyone to answer.
BEFORE_SERVING = {
    "address-in-use",
    "data-in-use",
    "data-not-empty",
    "data-not-written",
    "database-cannot-migrate",
    "database-cannot-open",
    "events-cannot-open",
    "password-unset-already",
    "server-initialized",
    "server-not-initialized",
}


def test_the_type_of_every_problem_is_explained() -> None:
    raised = {code for path in sources() for code in codes_of(path)}
    assert raised - set(KINDS) == BEFORE_SERVING


def codes_of(path: Path) -> set[str]:
    """Return the codes of the errors that a module raises, other than bugs of our own."""
    return {
        str(node.args[0].value)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ERRORS - {"InternalError"}
        and isinstance(node.args[0], ast.Constant)
    }


@pytest.mark.parametrize("path", ["/v1/customers", "/v1/licenses", "/v1/activations"])
def test_a_body_of_nothing_but_brackets_is_no_bug(server: Server, path: str) -> None:
    headers = server.admin
    if path == "/v1/activations":
        headers = {"Authorization": f"Bearer {server.license()['token']}"}
    answer = server.client.post(path, content=b"[" * 900_000, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "request-invalid")
