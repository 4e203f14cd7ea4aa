# SPDX-License-Identifier: Apache-2.0
"""The simple repository API of Python packages: HTML (PEP 503) and JSON (PEP 691).

With yanked files (PEP 592), the version of the API (PEP 629), metadata files (PEP 658 and 714),
sizes, times and versions (PEP 700). Addresses are relative, so a proxy may put us in a folder.
"""

from datetime import UTC, datetime
from html import escape
from urllib.parse import quote

import msgspec
from packaging.version import InvalidVersion, Version

from coreline_server.registry.model import File, Listing, RegistryFormat

API_VERSION = "1.1"
JSON_V1 = "application/vnd.pypi.simple.v1+json"
HTML_V1 = "application/vnd.pypi.simple.v1+html"
HTML = "text/html"

_HEAD = (
    f'<!DOCTYPE html>\n<html>\n<head>\n<meta name="pypi:repository-version" '
    f'content="{API_VERSION}">\n<title>%s</title>\n</head>\n<body>\n'
)
_TAIL = "</body>\n</html>\n"


def page_html(listing: Listing) -> bytes:
    """Render a project's page as HTML (PEP 503)."""
    links = "".join(_link(listing.project, file) for file in listing.files)
    title = f"Links for {escape(listing.project)}"
    return f"{_HEAD % title}<h1>{title}</h1>\n{links}{_TAIL}".encode()


def page_json(listing: Listing) -> bytes:
    """Render a project's page as JSON (PEP 691 and 700)."""
    body = {
        "meta": {"api-version": API_VERSION},
        "name": listing.project,
        "versions": _versions(listing.files),
        "files": [_entry(listing.project, file) for file in listing.files],
    }
    return msgspec.json.encode(body)


def root_html(projects: tuple[str, ...]) -> bytes:
    """Render the list of projects as HTML."""
    links = "".join(f'<a href="{escape(name)}/">{escape(name)}</a><br>\n' for name in projects)
    return f"{_HEAD % 'Simple index'}{links}{_TAIL}".encode()


def root_json(projects: tuple[str, ...]) -> bytes:
    """Render the list of projects as JSON."""
    body = {
        "meta": {"api-version": API_VERSION},
        "projects": [{"name": name} for name in projects],
    }
    return msgspec.json.encode(body)


def _link(project: str, file: File) -> str:
    attributes = ""
    if file.requires_python:
        attributes += f' data-requires-python="{escape(file.requires_python)}"'
    if file.metadata_sha256:
        # The second name is the one that older clients know (PEP 714).
        value = f'="sha256={file.metadata_sha256}"'
        attributes += f" data-core-metadata{value} data-dist-info-metadata{value}"
    if file.yanked is not None:
        attributes += f' data-yanked="{escape(file.yanked)}"'
    href = f"{_address(project, file)}#sha256={file.sha256}"
    return f'<a href="{href}"{attributes}>{escape(file.filename)}</a><br>\n'


def _entry(project: str, file: File) -> dict[str, object]:
    metadata = {"sha256": file.metadata_sha256} if file.metadata_sha256 else False
    entry: dict[str, object] = {
        "filename": file.filename,
        "url": _address(project, file),
        "hashes": {"sha256": file.sha256},
        "size": file.size,
        "upload-time": _time(file.uploaded_at),
        "core-metadata": metadata,
        "dist-info-metadata": metadata,
        "yanked": False if file.yanked is None else file.yanked or True,
    }
    if file.requires_python:
        entry["requires-python"] = file.requires_python
    return entry


def _address(project: str, file: File) -> str:
    return f"../../files/{project}/{quote(file.filename)}"


def _versions(files: tuple[File, ...]) -> list[str]:
    return sorted({file.version for file in files}, key=_version_key)


def _version_key(version: str) -> tuple[bool, Version | str]:
    # A version from before PEP 440 sorts first; uploads refuse one, an old store may hold one.
    try:
        return (True, Version(version))
    except InvalidVersion:
        return (False, version)


def _time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


FORMAT = RegistryFormat(
    name="pypi",
    sentence="Python packages for pip, uv and every client of the simple repository API.",
    example=Listing(
        "converge",
        (
            File(
                filename="converge-1.0-py3-none-any.whl",
                version="1.0",
                sha256="0" * 64,
                size=1234,
                uploaded_at=1_790_000_000,
                requires_python=">=3.11",
                metadata_sha256="1" * 64,
            ),
            File("converge-0.9.tar.gz", "0.9", "2" * 64, 99, 1_780_000_000, yanked="broken"),
        ),
    ),
    pages={JSON_V1: page_json, HTML_V1: page_html, HTML: page_html},
    roots={JSON_V1: root_json, HTML_V1: root_html, HTML: root_html},
    aliases={
        "application/vnd.pypi.simple.latest+json": JSON_V1,
        "application/vnd.pypi.simple.latest+html": HTML_V1,
    },
)
