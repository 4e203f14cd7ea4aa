# SPDX-License-Identifier: Apache-2.0
"""What a registry shows to somebody who has no credential."""

import posixpath
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import urljoin, urlsplit, urlunsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from coreline.errors import OutsideError
from coreline.releases.guard import Refusal, Side, place_of

GATED = frozenset([401, 402, 403])
_SECONDS_MAX = 30


class _NoRedirect(HTTPRedirectHandler):
    """Follows nothing: an upload, and what is known of a registry, hold for one host."""

    def redirect_request(self, *_arguments: object) -> None:
        """Return no request, so that the redirect is the answer."""
        return


def ask(request: Request) -> tuple[int, str | None]:
    """Return the status of an answer, and where it redirects to.

    Raises:
        OutsideError: there is no answer (``release-registry-unreachable``).
    """
    opener = build_opener(_NoRedirect)
    try:
        with opener.open(request, timeout=_SECONDS_MAX) as answer:
            return int(answer.status), None
    except HTTPError as error:
        with error:
            return error.code, error.headers.get("Location")
    except (URLError, HTTPException, OSError) as error:
        raise OutsideError(
            "release-registry-unreachable",
            f"{urlsplit(request.full_url).hostname} does not answer: {error}.",
            "Nothing is uploaded to a registry of which it is not known who may read it.",
        ) from error


def pages(address: str, *, sibling: str, child: str) -> list[str]:
    """Return where a package's page may lie: beside the place of uploads, or below it."""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    path = "/" + parts.path.strip("/")
    places = [posixpath.join(posixpath.dirname(path), sibling), posixpath.join(path, child)]
    return list(dict.fromkeys(urlunsplit((parts.scheme, host, one, "", "")) for one in places))


def seen(side: Side, pages_of: list[str]) -> list[Refusal]:
    """Return what speaks against a registry by the pages of a package that nobody logged in for.

    A wrap's must be refused to such a reader (RFC 9110 15.5: 401, 402, 403). That there is no
    page (404) says nothing of who could read it, so it is no gate.
    """
    found: list[Refusal] = []
    statuses: list[int] = []
    for page in pages_of:
        status, target = ask(Request(page))  # noqa: S310 - refusals() let http and https alone pass.
        statuses.append(status)
        there, here = place_of(urljoin(page, target or "")), place_of(page)
        if target and (there is None or here is None or there[0] != here[0]):
            said = f"{page} redirects to another host."
            found.append(Refusal("release-registry-redirects", said))
    if side == "wrap":
        readable = [one for one in statuses if one < 400]
        if readable or not GATED.intersection(statuses):
            said = (
                f"{pages_of[0]} answers {statuses[0]} to a reader without a credential: "
                "it is not gated."
            )
            found.append(Refusal("release-wrap-to-public", said))
    elif GATED.intersection(statuses):
        said = f"{pages_of[0]} is refused to a reader without a credential: it is gated."
        found.append(Refusal("release-core-to-gated", said))
    return found
