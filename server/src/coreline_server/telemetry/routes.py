# SPDX-License-Identifier: Apache-2.0
"""``POST /v1/events``: acknowledged only when the events are on the disk."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from litestar import Request, Response, Router, post
from litestar.datastructures import State

from coreline.errors import InputError
from coreline_server.problems import Mistake, Problem, problem, respond
from coreline_server.telemetry.ingest import Ingest
from coreline_server.telemetry.model import Accepted
from coreline_server.telemetry.rules import (
    BODY_BYTES_MAX,
    EventsInvalidError,
    inflate,
    parse_events,
)

# Any: Litestar's own parameters of a request are the user and the credentials.
AnyRequest = Request[Any, Any, State]

NDJSON = ("application/x-ndjson", "application/ndjson", "application/jsonl")


def routes(
    ingest: Ingest,
    product: str,
    *,
    clock: Callable[[], datetime],
    is_vendor: Callable[[AnyRequest], bool],
) -> list[Router]:
    """Return the routes of this subject.

    Args:
        ingest: takes the events.
        product: the product's name in the manifest.
        clock: the time, in UTC.
        is_vendor: whether a request carries a token of the vendor, who may import purchases.
    """

    @post(
        "/v1/events",
        status_code=202,
        request_max_body_size=BODY_BYTES_MAX,
        summary="Send events; acknowledged when they are on the disk",
    )
    async def send_events(request: AnyRequest) -> Response[Accepted] | Response[Problem]:
        """Take lines of JSON (application/x-ndjson) or a JSON array, plain or gzip.

        All events of a request are taken, or none. Sending one again is safe: ids count once.
        """
        body = _plain(await request.body(), request.headers.get("content-encoding", "identity"))
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        try:
            events = parse_events(
                body,
                is_array=kind not in NDJSON and body.lstrip()[:1] == b"[",
                product=product,
                now=clock(),
                vendor=is_vendor(request),
            )
        except EventsInvalidError as error:
            return _lines_refused(error)
        await ingest.accept(events)
        return Response(Accepted(len(events)), status_code=202)

    return [Router(path="/", route_handlers=[send_events], tags=["telemetry"])]


def _plain(body: bytes, encoding: str) -> bytes:
    if encoding == "gzip":
        return inflate(body)
    if encoding != "identity":
        raise InputError(
            "encoding-unknown",
            f"The content's encoding is {encoding!r}.",
            "Send the events plain or with gzip.",
        )
    return body


def _lines_refused(error: EventsInvalidError) -> Response[Problem]:
    mistakes = [Mistake(where=where, message=message) for where, message in error.mistakes]
    return respond(msgspec.structs.replace(problem(error), mistakes=mistakes))
