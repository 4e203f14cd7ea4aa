# SPDX-License-Identifier: Apache-2.0
"""The request log: one line of JSON for each request, around the whole application."""

import json
import logging
import time

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("coreline.requests")


def log_requests(app: ASGIApp) -> ASGIApp:
    """Write one line of JSON for each request: no query, no header, no body, so no secret."""

    async def logged(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        began, status = time.perf_counter(), 0

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await app(scope, receive, watch)
        finally:
            line = {
                "method": scope.get("method", ""),
                "path": scope["path"],
                "status": status,
                "ms": round((time.perf_counter() - began) * 1000, 2),
            }
            log.info(json.dumps(line))

    return logged
