# SPDX-License-Identifier: Apache-2.0
"""What the registry knows: files of projects, who asks for them, and how a format shows them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

Side = Literal["core", "wrap"]


@dataclass(frozen=True, slots=True)
class File:
    """One uploaded file: a wheel or a source distribution.

    Attributes:
        filename: as the uploader wrote it, unique within a project.
        version: as the file's own metadata writes it.
        sha256: of the content, in lower-case hexadecimal; also where the content is kept.
        size: in bytes.
        uploaded_at: seconds since 1970, UTC. Decides what an expired license may still install.
        metadata_sha256: of the core metadata (PEP 658); None when the file has none to serve.
        yanked: the reason, possibly empty, or None for a file that is not yanked (PEP 592).
    """

    filename: str
    version: str
    sha256: str
    size: int
    uploaded_at: int
    requires_python: str | None = None
    metadata_sha256: str | None = None
    yanked: str | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """A license as the registry sees it when someone shows one of its registry tokens.

    Times are seconds since 1970, UTC; ``expires`` is the first second after the license.
    """

    license_id: str
    starts: int
    expires: int
    grace_days: int
    revoked_at: int | None
    wraps: frozenset[str]


@dataclass(frozen=True, slots=True)
class Listing:
    """What an index page shows: a project and its files, in the order of upload."""

    project: str
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class RegistryFormat:
    """One protocol that package managers speak.

    Attributes:
        name: of the format, such as ``pypi``.
        sentence: what it serves, for the reference page.
        example: a listing that the shared test renders in every media type.
        pages: a renderer of one project's page for each media type that can be asked for.
        roots: a renderer of the list of projects for each of the same media types.
        aliases: other names under which a media type may be asked for.
    """

    name: str
    sentence: str
    example: Listing
    pages: Mapping[str, Callable[[Listing], bytes]]
    roots: Mapping[str, Callable[[tuple[str, ...]], bytes]]
    aliases: Mapping[str, str]
