# SPDX-License-Identifier: Apache-2.0
"""The OpenAPI document, made from the routes, with one form for every refusal: problem+json."""

from typing import Any

import msgspec
from litestar import MediaType, Request
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import OpenAPIRenderPlugin
from litestar.openapi.spec import Components, Contact, SecurityScheme

from coreline_server import __version__
from coreline_server.problems import PROBLEM_JSON, Problem

TAGS = {
    "auth": "API tokens and the audit log",
    "licensing": "Customers, licenses, the revocation list",
    "activations": "Seats of customers' machines",
    "registry": "Packages for pip, uv and twine",
    "telemetry": "Events of products whose users opted in",
    "funnel": "From download to renewal",
    "setup": "The one-time setup link",
    "health": "Is it alive, is it ready",
    "problems": "What a refusal means",
}


def config() -> OpenAPIConfig:
    """Return what Litestar makes the document from."""
    return OpenAPIConfig(
        title="Coreline server",
        version=__version__,
        description="Licenses, a gated package registry, telemetry and the funnel of one vendor. "
        "Every refusal is problem+json (RFC 9457) with a stable `code` and a `hint`.",
        contact=Contact(name="The Coreline developers"),
        use_handler_docstrings=True,
        components=Components(
            security_schemes={
                "apiToken": SecurityScheme(
                    type="http", scheme="bearer", description="An API token of the vendor."
                ),
                "licenseToken": SecurityScheme(
                    type="http", scheme="bearer", description="The token of a license."
                ),
                "registryToken": SecurityScheme(
                    type="http",
                    scheme="basic",
                    description="User `__token__`; the password is a registry token to download, "
                    "an API token to upload.",
                ),
            }
        ),
        path="/openapi.json",
        render_plugins=[_Document()],
    )


# Any: a JSON document.
Document = dict[str, Any]


def document(schema: Document) -> Document:
    """Give every operation the refusals that it can answer, instead of Litestar's own form."""
    (_, problem_schemas) = msgspec.json.schema_components(
        [Problem], ref_template="#/components/schemas/{name}"
    )
    schema.setdefault("components", {}).setdefault("schemas", {}).update(problem_schemas)
    refusal = {
        "description": "A refusal",
        "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for path in schema.get("paths", {}).values():
        for operation in path.values():
            if isinstance(operation, dict) and "responses" in operation:
                operation["responses"].pop("400", None)
                operation["responses"]["default"] = refusal
    schema["tags"] = [{"name": name, "description": text} for name, text in TAGS.items()]
    return schema


class _Document(OpenAPIRenderPlugin):
    """Serves our document; Litestar's own pages would load scripts from elsewhere."""

    def __init__(self) -> None:
        # The second path keeps Litestar from adding a document of its own there.
        super().__init__(path=["/", "/openapi.json"], media_type=MediaType.JSON)
        self._made: bytes | None = None

    def render(self, request: Request[Any, Any, Any], openapi_schema: Document) -> bytes:
        """Return the document; it is made once."""
        if self._made is None:
            self._made = msgspec.json.encode(document(openapi_schema))
        return self._made
