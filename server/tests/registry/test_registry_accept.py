# SPDX-License-Identifier: Apache-2.0
"""Accept headers of real clients and of edge cases."""

import pytest

from coreline_server.registry.accept import negotiate
from coreline_server.registry.formats.pypi import FORMAT, HTML, HTML_V1, JSON_V1

LATEST = "application/vnd.pypi.simple.latest+json"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, HTML),
        ("", HTML),
        ("*/*", HTML),
        ("text/html", HTML),
        ("TEXT/HTML", HTML),
        (f"{JSON_V1}, {HTML_V1}; q=0.2, text/html; q=0.01", JSON_V1),
        (f"{JSON_V1}, {HTML_V1};q=0.2, {HTML};q=0.01", JSON_V1),
        (f"{HTML_V1}, {JSON_V1};q=0.9", HTML_V1),
        (f"{JSON_V1};q=0, */*", HTML),
        (f"{JSON_V1}, text/html", JSON_V1),
        (f"text/html, {JSON_V1}", JSON_V1),
        ("text/html;q=0.5, */*;q=0.9", HTML_V1),
        ("application/*", HTML_V1),
        ("text/*", HTML),
        (LATEST, JSON_V1),
        ("application/vnd.pypi.simple.latest+html", HTML_V1),
        ("application/json", None),
        ("text/plain, image/*", None),
        ("text/html;q=0", None),
        ("text/html;q=nonsense", None),
        ("text/html;level=1;q=0.4, application/json", HTML),
        ("garbage", None),
    ],
)
def test_negotiate(accept: str | None, expected: str | None) -> None:
    assert negotiate(accept, tuple(FORMAT.pages), FORMAT.aliases) == expected
