# SPDX-License-Identifier: Apache-2.0
"""Asking the vendor's server from the command line, with the standard library alone."""

import json
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from coreline.errors import InputError, OutsideError

_TIMEOUT_SECONDS = 30.0


class _NoRedirect(HTTPRedirectHandler):
    """Follows nothing: the standard library would hand the token to wherever it is sent."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        """Return no request to go on with."""


_OPENER = build_opener(_NoRedirect)


def ask(server: str, token: str, path: str, **parameters: object) -> Any:
    """Return the JSON that the server answers to a GET.

    Args:
        server: its address, such as ``https://licenses.example.com``.
        token: an API token.
        path: such as ``/v1/funnel``.
        parameters: of the query; those that are None are left out.

    Raises:
        InputError: the address is none (``server-address-wrong``), or the server refuses what was
            asked, with the server's own code.
        OutsideError: there is no answer (``server-unreachable``), or none that can be understood
            (``server-answer-unknown``).
    """
    if urlsplit(server).scheme not in ("http", "https"):
        raise InputError(
            "server-address-wrong",
            f"{server!r} is no web address.",
            "Write it as https://licenses.example.com.",
        )
    query = urlencode({key: value for key, value in parameters.items() if value is not None})
    url = f"{server.rstrip('/')}{path}" + (f"?{query}" if query else "")
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    try:
        asked = Request(url, headers=headers)  # noqa: S310 - the scheme was checked.
        with _OPENER.open(asked, timeout=_TIMEOUT_SECONDS) as reply:
            return json.load(reply)
    except HTTPError as error:
        with error:
            raise _refusal(server, error.code, error.read()) from error
    except (URLError, TimeoutError, ConnectionError) as error:
        reason = getattr(error, "reason", error)
        raise OutsideError(
            "server-unreachable",
            f"{server} does not answer: {reason}.",
            "Check the address, and that the server runs.",
        ) from error
    except ValueError as error:
        raise _not_understood(server, 200) from error


def _refusal(server: str, status: int, body: bytes) -> InputError | OutsideError:
    """Return the server's own words (RFC 9457) as an error."""
    try:
        problem = json.loads(body)
        code, sentence = str(problem["code"]), str(problem["detail"])
    except (ValueError, KeyError, TypeError):
        return _not_understood(server, status)
    kind = InputError if status < 500 else OutsideError
    return kind(code, sentence, str(problem.get("hint") or ""))


def _not_understood(server: str, status: int) -> OutsideError:
    return OutsideError(
        "server-answer-unknown",
        f"{server} answered {status} with something that is not of a Coreline server.",
        "Check the address.",
    )
