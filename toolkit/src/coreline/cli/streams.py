# SPDX-License-Identifier: Apache-2.0
"""Standard output and error, whatever the process was given for them.

They may be closed, be a pipe that nobody reads any more, lie on a disk that is full, or know few
letters. None of these is a bug of ours, and none may hide what a command found.
"""

import errno
import io
import os
import sys

from coreline.errors import OutsideError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


def prepare() -> None:
    """Make standard output and error such that writing any text to them is possible."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # It was closed by who started us.
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - until the process ends.
        elif isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            # A letter that the terminal does not know is shown by its number.
            stream.reconfigure(errors="backslashreplace")


def finish() -> None:
    """Write out what standard output still holds.

    Raises:
        OutsideError: the disk refused it (``output-not-written``).
    """
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader (head, less) went away, which is its right: what was found is still so.
        abandon()
    except OSError as error:
        abandon()
        raise not_written(error) from error


def abandon() -> None:
    """Send to nowhere what is still to be written, or Python would complain at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def is_disk_full(error: OSError) -> bool:
    """Whether an error speaks of a disk that takes no more, whoever was writing."""
    return error.errno in _FULL


def not_written(error: OSError) -> OutsideError:
    """Return what to say of a disk that takes no more."""
    return OutsideError(
        "output-not-written",
        f"The output cannot be written: {error.strerror}.",
        "Make room, or send it elsewhere. It is not complete.",
    )
