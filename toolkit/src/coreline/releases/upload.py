# SPDX-License-Identifier: Apache-2.0
"""The kind of extension ``uploads``: how one kind of registry is given a file."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from coreline.errors import OutsideError


class Upload(Struct, frozen=True, kw_only=True):
    """How artifacts of some tools are uploaded, and where their registry shows a package."""

    tools: Sequence[str]
    """The tools of builds that it is for."""
    pages: Callable[[str, str], list[str]]
    """Takes the upload address and a package to where its page may lie."""
    send: Callable[[Path, str, Mapping[str, str]], None]
    """Uploads a file to an address, with credentials of the environment alone."""


def run_tool(argv: Sequence[str], env: Mapping[str, str], folder: Path) -> None:
    """Run an ecosystem's own tool; no credential is ever one of its arguments.

    Raises:
        OutsideError: it is not there, or it failed (``release-tool-missing``,
            ``release-upload-failed``).
    """
    program = shutil.which(argv[0], path=env.get("PATH"))
    if program is None:
        raise OutsideError(
            "release-tool-missing", f"{argv[0]} is not on PATH.", f"Install {argv[0]}."
        )
    ended = subprocess.run(
        [program, *argv[1:]],
        env=dict(env),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr.fileno(),
        check=False,
    )
    if ended.returncode:
        raise OutsideError(
            "release-upload-failed",
            f"{argv[0]} ended with {ended.returncode} where it uploaded {argv[-1]}.",
            "What was uploaded before is recorded: the same command goes on from there.",
        )


def load_uploads() -> Mapping[str, Upload]:
    """Load every kind of upload, by the tool of the build."""
    from coreline.extensions import load
    from coreline.releases import uploads

    return {tool: one for one in load(uploads, "UPLOAD", Upload) for tool in one.tools}
