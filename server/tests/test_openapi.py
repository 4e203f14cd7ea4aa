# SPDX-License-Identifier: Apache-2.0
"""The OpenAPI document is true: what generated requests get is what it says, and never a 5xx."""

from typing import Any

import hypothesis
import schemathesis
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)

# The fixture `server` of conftest.py; its class is not importable from here.
Server = Any

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES = 25


def document(server: Server) -> dict[str, Any]:
    made: dict[str, Any] = server.client.get("/openapi.json").json()
    return made


def test_generated_requests_get_what_the_document_says(server: Server) -> None:
    license = server.license(seats=1000)
    machine = {"Authorization": f"Bearer {license['token']}"}
    schema = schemathesis.openapi.from_dict(document(server))
    operations = [result.ok() for result in schema.get_all_operations()]
    assert len(operations) > 20
    for operation in operations:
        is_machine = "licenseToken" in str(operation.definition.raw.get("security"))
        exercise(server, operation, machine if is_machine else server.admin)


def exercise(server: Server, operation: Any, headers: dict[str, str]) -> None:
    @hypothesis.given(case=operation.as_strategy())
    @hypothesis.settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    def check(case: schemathesis.Case) -> None:
        sent = case.as_transport_kwargs(base_url="http://vendor.example")
        sent.pop("cookies", None)
        sent["headers"] = {**dict(sent.get("headers") or {}), **headers}
        if isinstance(sent.get("data"), bytes):  # httpx has another name for it than requests.
            sent["content"] = sent.pop("data")
        answer = server.client.request(**{k: v for k, v in sent.items() if v is not None})
        case.validate_response(answer, checks=CHECKS)

    check()


def test_every_operation_says_what_it_is_for_and_how_it_refuses(server: Server) -> None:
    made = document(server)
    known = {tag["name"] for tag in made["tags"]}
    for path, operations in made["paths"].items():
        for method, operation in operations.items():
            where = f"{method} {path}"
            assert operation.get("summary"), where
            assert set(operation.get("tags", [])) <= known, where
            assert operation["tags"], where
            refusal = operation["responses"]["default"]["content"]
            assert list(refusal) == ["application/problem+json"], where


def test_the_document_has_the_addresses_that_others_rely_on(server: Server) -> None:
    paths = set(document(server)["paths"])
    promised = {
        "/health/live",
        "/health/ready",
        "/setup",
        "/upload",
        "/v1/activations",
        "/v1/activations/{activation_id}/heartbeat",
        "/v1/customers",
        "/v1/events",
        "/v1/funnel",
        "/v1/licenses",
        "/v1/licenses/{license_id}/file",
        "/v1/licenses/{license_id}/registry-tokens",
        "/v1/licenses/{license_id}/renew",
        "/v1/licenses/{license_id}/revoke",
        "/v1/revocations",
        "/v1/uploaders",
    }
    assert promised <= paths
    assert not [path for path in paths if path.startswith("/console")]


def test_only_our_document_is_served(server: Server) -> None:
    # Litestar's own pages load scripts from elsewhere.
    for path in ("/schema", "/schema/swagger", "/schema/redoc", "/schema/openapi.json"):
        assert server.client.get(path).status_code == 404, path
