# SPDX-License-Identifier: Apache-2.0
"""RubyGems: ``gem push`` of the built file."""

from collections.abc import Mapping
from pathlib import Path

from coreline.releases.probe import pages
from coreline.releases.upload import Upload, run_tool


def _pages(address: str, package: str) -> list[str]:
    """Return the gem's page of the compact index, which lies below the registry's address."""
    page = f"info/{package}"
    return pages(address, sibling=page, child=page)[-1:]


def _send(file: Path, address: str, env: Mapping[str, str]) -> None:
    run_tool(["gem", "push", "--host", address, file.name], env, file.parent)


UPLOAD = Upload(tools=("gem",), pages=_pages, send=_send)
