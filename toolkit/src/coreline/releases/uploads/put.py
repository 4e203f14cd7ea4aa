# SPDX-License-Identifier: Apache-2.0
"""Any file: an HTTP PUT below the address, where the file can be read afterwards."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote
from urllib.request import Request

from coreline.errors import OutsideError
from coreline.releases.probe import ask, pages
from coreline.releases.upload import Upload


def _pages(address: str, package: str) -> list[str]:
    """Return the place of the package below the address, where its files are put."""
    return pages(address, sibling="", child=quote(package))[-1:]


def _send(file: Path, address: str, env: Mapping[str, str]) -> None:
    headers = {"Content-Type": "application/octet-stream"}
    if token := env.get("CORELINE_RELEASE_TOKEN"):
        headers["Authorization"] = f"Bearer {token}"
    place = f"{address.rstrip('/')}/{quote(file.name)}"
    data = file.read_bytes()
    request = Request(place, data, headers, method="PUT")  # noqa: S310 - guarded: http or https.
    status, _ = ask(request)
    if status not in (200, 201, 204):
        raise OutsideError(
            "release-upload-failed",
            f"The registry answers {status} to {file.name}.",
            "Its token is read from CORELINE_RELEASE_TOKEN; redirects are not followed.",
        )


UPLOAD = Upload(tools=("go", "command"), pages=_pages, send=_send)
