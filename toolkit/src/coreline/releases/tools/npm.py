# SPDX-License-Identifier: Apache-2.0
"""npm: ``npm pack``, without the scripts of the package unless they are asked for."""

import json
import shlex

from coreline.releases.tool import Identity, Tool, Workplace


def _make(place: Workplace) -> None:
    npm = place.program("npm", "Install Node.js, which brings npm along.")
    command = [npm, "pack", "--pack-destination", str(place.out), "--no-audit", "--no-fund"]
    command += [] if place.wishes.scripts else ["--ignore-scripts"]
    command += [] if place.wishes.isolated else ["--offline"]
    place.run(shlex.join(command), place.folder)


def _document(data: bytes) -> dict[str, object]:
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _named(data: bytes) -> str | None:
    """Read the name of a package that may be uploaded: one that is not private and has a version.

    Source: npm's documentation of package.json, ``private``.
    """
    document = _document(data)
    name = document.get("name")
    is_public = not document.get("private") and isinstance(document.get("version"), str)
    return name if isinstance(name, str) and name and is_public else None


def _identify(_path: str, data: bytes) -> Identity:
    document = _document(data)
    name, version = document.get("name"), document.get("version")
    return Identity(
        name if isinstance(name, str) else None, version if isinstance(version, str) else None
    )


TOOL = Tool(
    name="npm",
    sentence="npm pack, without the scripts of the package unless --scripts is given.",
    make=_make,
    marker="package.json",
    named=_named,
    is_metadata=lambda path: path.count("/") == 1 and path.endswith("/package.json"),
    identify=_identify,
)
