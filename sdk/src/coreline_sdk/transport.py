# SPDX-License-Identifier: Apache-2.0
"""How telemetry and activation reach a server: a small Protocol, urllib behind it, and a fake.

Products with a proxy, a client certificate or an HTTP library of their own pass their own.
"""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

TIMEOUT_SECONDS = 10.0
REPLY_BYTES_MAX = 1024 * 1024


class Reply(NamedTuple):
    """What a server answered."""

    status: int
    body: bytes = b""


class Transport(Protocol):
    """Sends one request."""

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Return the server's answer, also when it is a refusal.

        Raises:
            OSError: there was no answer.
        """


class UrllibTransport:
    """The standard library's client. It follows no redirect, which would show the token around."""

    def __init__(self, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        self._timeout_seconds = timeout_seconds

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Send one request over HTTP."""
        from http.client import HTTPException
        from urllib.error import HTTPError
        from urllib.request import HTTPRedirectHandler, Request, build_opener

        class NoRedirect(HTTPRedirectHandler):
            def redirect_request(self, *_: object) -> None:
                """Follow none; the redirect itself is the answer."""

        if not url.startswith(("https://", "http://")):
            raise OSError(f"{url} is no web address")
        try:
            request = Request(url, data=body or None, headers=dict(headers), method=method)  # noqa: S310 - checked above.
            with build_opener(NoRedirect).open(request, timeout=self._timeout_seconds) as reply:
                return Reply(reply.status, reply.read(REPLY_BYTES_MAX))
        except HTTPError as error:
            with error:
                return Reply(error.code, error.read(REPLY_BYTES_MAX))
        except (HTTPException, ValueError) as error:  # No answer, or no address or header.
            raise OSError(str(error)) from error


class Sent(NamedTuple):
    """A request that a fake took."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes


class FakeTransport:
    """A transport for tests: keeps what was sent and answers what it was told to.

    Args:
        replies: answers in order; an exception is raised. After the last one, 202 for ever.
    """

    def __init__(self, *replies: Reply | OSError) -> None:
        self.sent: list[Sent] = []
        self._replies = list(replies)

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Keep the request and return the next answer."""
        self.sent.append(Sent(method, url, dict(headers), body))
        reply = self._replies.pop(0) if self._replies else Reply(202)
        if isinstance(reply, OSError):
            raise reply
        return reply
