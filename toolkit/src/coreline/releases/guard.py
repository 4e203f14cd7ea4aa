# SPDX-License-Identifier: Apache-2.0
"""Which side a registry is of, by addresses alone; asking a registry anything is left to others."""

import posixpath
from collections.abc import Iterable
from typing import Literal, NamedTuple
from urllib.parse import unquote, urlsplit

Side = Literal["core", "wrap"]

# Domains of indexes that everybody may read, whatever is uploaded to them, by their last label.
_PUBLIC = {
    "org": frozenset(
        ["pypi", "pythonhosted", "npmjs", "rubygems", "golang", "maven", "nuget", "packagist"]
    ),
    "io": frozenset(["crates"]),
    "com": frozenset(["yarnpkg", "sonatype"]),
}
_PORTS = {"https": 443, "http": 80}


class Refusal(NamedTuple):
    """Why nothing may be uploaded: a stable code and a sentence."""

    code: str
    sentence: str


class Target(NamedTuple):
    """Where one build's artifacts are to go."""

    build: str
    side: Side
    registry: str


def is_public(host: str) -> bool:
    """Whether a host is of a known index that everybody may read."""
    labels = host.rpartition(":")[0].split(".") if ":" in host else host.split(".")
    return len(labels) > 1 and labels[-2] in _PUBLIC.get(labels[-1], ())


def place_of(address: str) -> tuple[str, str] | None:
    """Return host and path in one spelling (RFC 3986 6.2); None for what is no address.

    Neither scheme nor who logs in tells two registries apart. Nor does the port where it is the
    scheme's own: http and https of one host are one registry. Another port is part of the host.
    """
    try:
        parts = urlsplit(address.strip())
        host, port = unquote(parts.hostname or ""), parts.port
        host = host.encode("idna").decode("ascii").lower().rstrip(".")
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not host:
        return None
    path = posixpath.normpath("/" + unquote(parts.path)).lower().strip("/")
    return host if port in {None, *_PORTS.values()} else f"{host}:{port}", path


def refusals(targets: Iterable[Target]) -> list[Refusal]:
    """Return all that speaks against a set of uploads; empty where the sides are kept apart."""
    found: list[Refusal] = []
    sides: dict[tuple[str, str], Target] = {}
    for one in targets:
        place = place_of(one.registry)
        if place is None:
            said = f"The registry of the build {one.build} is no http or https address."
            found.append(Refusal("release-registry-invalid", said))
            continue
        if one.side == "wrap" and is_public(place[0].partition(":")[0]):
            said = f"{one.build} is of a wrap, and everybody may read {place[0]}."
            found.append(Refusal("release-wrap-to-public", said))
        other = sides.setdefault(place, one)
        if other.side != one.side:
            said = f"{other.build} and {one.build} are of two sides and name one registry."
            found.append(Refusal("release-registry-of-both-sides", said))
    return found
