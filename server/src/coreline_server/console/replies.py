# SPDX-License-Identifier: Apache-2.0
"""The two answers of a page: HTML, and the way to another page."""

from litestar import MediaType, Response


def html(page: str, status: int = 200) -> Response[str]:
    """Answer with a page."""
    return Response(page, status_code=status, media_type=MediaType.HTML)


def to(address: str) -> Response[str]:
    """Send the browser on with a GET (RFC 9110, section 15.4.4)."""
    return Response("", status_code=303, media_type=MediaType.HTML, headers={"Location": address})
