# SPDX-License-Identifier: Apache-2.0
"""Rendered index pages, kept in memory until the project changes.

The revision is asked for at every request (one indexed read), so a page can never be older than the
store, also where another process writes to it.
"""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass

from coreline_server.registry.model import Listing, RegistryFormat
from coreline_server.registry.store import FileStore

PAGES_MAX = 1_024


@dataclass(frozen=True, slots=True)
class Page:
    """One rendered page.

    Attributes:
        etag: quoted, as it stands in the headers (RFC 9110, 8.8.3).
    """

    revision: int
    body: bytes
    etag: bytes


class Pages:
    """Renders pages of one format and remembers them."""

    def __init__(self, files: FileStore, form: RegistryFormat) -> None:
        self._files = files
        self._form = form
        self._kept: OrderedDict[tuple[str, str], Page] = OrderedDict()

    def page(self, project: str, media_type: str) -> Page:
        """Return a project's page. A project without files has an empty one.

        A known name without files is listed on purpose: to an answer 404, clients with several
        indexes react by taking the name from another, which is how dependency confusion works.
        """
        revision = self._files.revision(project)
        key = (project, media_type)
        page = self._kept.get(key)
        if page is None or page.revision != revision:
            # The revision was read before the files: at worst a page is rendered once too often.
            listing = Listing(project, self._files.files(project))
            page = _finish(revision, self._form.pages[media_type](listing))
            self._kept[key] = page
        self._kept.move_to_end(key)
        if len(self._kept) > PAGES_MAX:
            self._kept.popitem(last=False)
        return page

    def root(self, projects: tuple[str, ...], media_type: str) -> Page:
        """Return the list of projects. It differs by caller, and is seldom asked for."""
        return _finish(0, self._form.roots[media_type](projects))


def _finish(revision: int, body: bytes) -> Page:
    return Page(revision, body, b'"' + hashlib.sha256(body).hexdigest()[:32].encode() + b'"')
