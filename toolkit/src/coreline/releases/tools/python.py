# SPDX-License-Identifier: Apache-2.0
"""Python: an sdist, and a wheel made from it, by uv or by ``python -m build``."""

import re
import shlex
import tomllib
from email.parser import BytesParser

from coreline.releases.tool import Identity, Tool, Workplace, missing

_METADATA = re.compile(r"[^/]+\.dist-info/METADATA|[^/]+/PKG-INFO")
_HINT = "Install uv, or the package build for the Python that is on PATH."


def _make(place: Workplace) -> None:
    python = place.find("python3", "python")
    uv = place.find("uv")
    out = str(place.out)
    if uv is not None:
        command = [uv, "build", "--out-dir", out, "--no-progress"]
        command += ["--python", python] if python is not None else []
        if not place.wishes.isolated:
            command += ["--no-build-isolation", "--offline"]
    elif python is not None:
        # Alone (-I) it imports nothing of the repository that happens to be called build.
        command = [python, "-I", "-m", "build", "--outdir", out]
        command += [] if place.wishes.isolated else ["--no-isolation"]
        _require_build(place, python)
    else:
        raise missing(place.planned, "uv or python -m build", _HINT)
    place.run(shlex.join([*command, "."]), place.folder)


def _require_build(place: Workplace, python: str) -> None:
    from coreline.errors import OutsideError

    try:
        place.run(shlex.join([python, "-I", "-c", "import build.__main__"]), place.folder)
    except OutsideError as error:
        raise missing(place.planned, "uv or python -m build", _HINT) from error


def _named(data: bytes) -> str | None:
    """Read ``project.name`` (PEP 621), or Poetry's older place of it."""
    try:
        document = tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError):
        return None
    tool = document.get("tool")
    tables = [document.get("project"), tool.get("poetry") if isinstance(tool, dict) else None]
    names = [table.get("name") for table in tables if isinstance(table, dict)]
    return next((name for name in names if isinstance(name, str) and name), None)


def _identify(_path: str, data: bytes) -> Identity:
    head = data.replace(b"\r\n", b"\n").partition(b"\n\n")[0] + b"\n\n"
    message = BytesParser().parsebytes(head, headersonly=True)
    return Identity(message.get("Name"), message.get("Version"))


TOOL = Tool(
    name="python",
    sentence="uv build, or python -m build: a source distribution and a wheel made from it.",
    make=_make,
    marker="pyproject.toml",
    named=_named,
    is_metadata=lambda path: _METADATA.fullmatch(path) is not None,
    identify=_identify,
)
