# SPDX-License-Identifier: Apache-2.0
"""Posted forms: read, bounded, and refused unless they come from a page of this server."""

import hmac
from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import msgspec
from litestar import Request

from coreline.errors import InputError
from coreline_server.auth.rules import form_token, from_own_page

SESSION_COOKIE = "coreline_session"
FIELDS_MAX = 50

# Any: Litestar's own parameters of a request are the user, the credentials and the state.
AnyRequest = Request[Any, Any, Any]
T = TypeVar("T", bound=msgspec.Struct)


def require_own_page(request: AnyRequest) -> None:
    """Refuse a form that another site posted.

    Raises:
        InputError: ``form-forged``.
    """
    headers = request.headers
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if not from_own_page(origin, site, headers.get("host", "")):
        raise _forged()


async def read_form(request: AnyRequest) -> dict[str, str]:
    """Read a form that needs no session, from a page of this server.

    Raises:
        InputError: ``form-forged``, ``form-invalid``.
    """
    require_own_page(request)
    try:
        text = (await request.body()).decode()
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=FIELDS_MAX))
    except ValueError as error:
        raise InputError(
            "form-invalid", "The form cannot be read.", "Load the page anew."
        ) from error


async def read_own_form(request: AnyRequest) -> dict[str, str]:
    """Read a form of the signed-in user.

    Raises:
        InputError: ``form-forged``, ``form-invalid``.
    """
    form = await read_form(request)
    expected = form_token(request.cookies.get(SESSION_COOKIE, ""))
    if not hmac.compare_digest(form.pop("form_token", "").encode(), expected.encode()):
        raise _forged()
    return form


def convert(values: Mapping[str, object], kind: type[T]) -> T:
    """Make a request of a form's values, by the same rules as the API's.

    Raises:
        InputError: a value is not allowed (``form-invalid``).
    """
    given = {name: value for name, value in values.items() if value != ""}
    try:
        return msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError as error:
        raise InputError("form-invalid", f"{error}.", "Correct the field and try again.") from error


def _forged() -> InputError:
    return InputError(
        "form-forged",
        "The form did not come from a page of this server.",
        "Load the page anew and try again.",
    )
