# SPDX-License-Identifier: Apache-2.0
"""npm: ``npm publish`` of the packed file; no script of it is run."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from coreline.releases.probe import pages
from coreline.releases.upload import Upload, run_tool


def _pages(address: str, package: str) -> list[str]:
    """Return the package's document, which lies below the registry's address."""
    name = quote(package, safe="@")
    return pages(address, sibling=name, child=name)[-1:]


def _send(file: Path, address: str, env: Mapping[str, str]) -> None:
    argv = ["npm", "publish", "--ignore-scripts", "--registry", address, f"./{file.name}"]
    run_tool(argv, env, file.parent)


UPLOAD = Upload(tools=("npm",), pages=_pages, send=_send)
