# SPDX-License-Identifier: Apache-2.0
"""One shared test for every registry format, and the details of each."""

import json
from html.parser import HTMLParser

import pytest

from coreline.extensions import load
from coreline_server.registry import formats
from coreline_server.registry.formats.pypi import FORMAT, JSON_V1, page_html, page_json
from coreline_server.registry.model import File, Listing, RegistryFormat

FORMATS = list(load(formats, "FORMAT", RegistryFormat))


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_every_format_shows_its_example(form: RegistryFormat) -> None:
    assert form.sentence.endswith(".")
    assert form.pages.keys() == form.roots.keys()
    assert set(form.aliases.values()) <= form.pages.keys()
    for render in form.pages.values():
        page = render(form.example).decode()
        assert all(file.filename in page and file.sha256 in page for file in form.example.files)
    for render_root in form.roots.values():
        assert form.example.project in render_root((form.example.project,)).decode()


class Links(HTMLParser):
    """Collects what a client reads from an HTML page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[dict[str, str | None]] = []
        self.metas: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        {"a": self.links, "meta": self.metas}.get(tag, []).append(dict(attrs))


def test_html_carries_what_clients_read() -> None:
    parser = Links()
    parser.feed(page_html(FORMAT.example).decode())
    wheel, sdist = parser.links
    assert wheel["href"] == f"../../files/converge/converge-1.0-py3-none-any.whl#sha256={'0' * 64}"
    assert wheel["data-requires-python"] == ">=3.11"
    assert wheel["data-core-metadata"] == wheel["data-dist-info-metadata"] == f"sha256={'1' * 64}"
    assert "data-yanked" not in wheel
    assert sdist["data-yanked"] == "broken"
    assert "data-core-metadata" not in sdist
    assert {"name": "pypi:repository-version", "content": "1.1"} in parser.metas


def test_json_carries_what_clients_read() -> None:
    page = json.loads(page_json(FORMAT.example))
    assert page["meta"] == {"api-version": "1.1"}
    assert page["versions"] == ["0.9", "1.0"]
    wheel, sdist = page["files"]
    assert wheel == {
        "filename": "converge-1.0-py3-none-any.whl",
        "url": "../../files/converge/converge-1.0-py3-none-any.whl",
        "hashes": {"sha256": "0" * 64},
        "size": 1234,
        "upload-time": "2026-09-21T14:13:20.000000Z",
        "core-metadata": {"sha256": "1" * 64},
        "dist-info-metadata": {"sha256": "1" * 64},
        "yanked": False,
        "requires-python": ">=3.11",
    }
    assert (sdist["yanked"], sdist["core-metadata"]) == ("broken", False)


def test_a_yank_without_a_reason_is_still_a_yank() -> None:
    listing = Listing("p", (File("p-1.tar.gz", "1", "a" * 64, 1, 0, yanked=""),))
    assert json.loads(page_json(listing))["files"][0]["yanked"] is True
    assert 'data-yanked=""' in page_html(listing).decode()


def test_versions_are_in_the_order_of_pep_440() -> None:
    files = tuple(
        File(f"p-{version}.tar.gz", version, "a" * 64, 1, 0)
        for version in ("1.10", "1.9", "1.10rc1", "not-a-version")
    )
    listing = json.loads(FORMAT.pages[JSON_V1](Listing("p", files)))
    assert listing["versions"] == ["not-a-version", "1.9", "1.10rc1", "1.10"]


def test_html_is_escaped() -> None:
    nasty = File("p-1.tar.gz", "1", "a" * 64, 1, 0, requires_python=">=3", yanked='"><script>')
    page = page_html(Listing("p", (nasty,))).decode()
    assert "<script>" not in page
    assert "&gt;=3" in page
