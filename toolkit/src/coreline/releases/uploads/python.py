# SPDX-License-Identifier: Apache-2.0
"""Python: ``uv publish``, or twine where there is no uv; neither follows a redirect."""

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from coreline.releases.probe import pages
from coreline.releases.upload import Upload, run_tool


def _pages(address: str, package: str) -> list[str]:
    """Return the project's page of the simple index (PEP 503)."""
    page = f"simple/{re.sub(r'[-_.]+', '-', package).lower()}/"
    return pages(address, sibling=page, child=page)


def _send(file: Path, address: str, env: Mapping[str, str]) -> None:
    if shutil.which("uv", path=env.get("PATH")):
        argv = ["uv", "publish", "--publish-url", address, str(file)]
    else:
        argv = ["twine", "upload", "--non-interactive", "--repository-url", address, str(file)]
    run_tool(argv, env, file.parent)


UPLOAD = Upload(tools=("python",), pages=_pages, send=_send)
