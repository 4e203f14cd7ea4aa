# SPDX-License-Identifier: Apache-2.0
"""Write a first manifest: whole or not at all, and never over one that exists."""

import os
import tempfile
from pathlib import Path

from coreline.errors import InputError, OutsideError


def refuse_existing(target: Path) -> None:
    """Refuse to propose over a manifest that somebody may have decided.

    Raises:
        InputError: there is one (``manifest-exists``).
    """
    if os.path.lexists(target):
        raise _exists(target)


def write_new(target: Path, text: str) -> None:
    """Write a file that must not exist yet. A reader sees all of it or nothing.

    Raises:
        InputError: it exists, even if only since a moment ago (``manifest-exists``).
        OutsideError: it cannot be written (``manifest-not-written``).
    """
    try:
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".coreline-", suffix=".tmp")
        temporary = Path(name)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(descriptor)
            temporary.chmod(0o644)
            # A link is only made where nothing has the name; a rename would replace it.
            target.hardlink_to(temporary)
        finally:
            temporary.unlink()
    except FileExistsError as error:
        raise _exists(target) from error
    except OSError as error:
        raise OutsideError(
            "manifest-not-written",
            f"{target} cannot be written: {error.strerror}.",
            "Print it instead, with `coreline init --format toml`.",
        ) from error


def _exists(target: Path) -> InputError:
    return InputError(
        "manifest-exists",
        f"{target} exists, and `coreline init` overwrites no manifest.",
        "Leave out --write to see what would be proposed, or name another file with --manifest.",
    )
