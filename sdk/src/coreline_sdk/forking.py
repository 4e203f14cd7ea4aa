# SPDX-License-Identifier: Apache-2.0
"""Go on in forked children: their locks may be held by threads that exist in the parent alone."""

import os
from typing import TYPE_CHECKING
from weakref import ref

if TYPE_CHECKING:
    # Making a Protocol costs half a millisecond of every product's start.
    from typing import Protocol

    class Mends(Protocol):
        """An object that can make itself whole in a child."""

        def mend(self) -> None:
            """Renew the locks and forget what only the parent has."""


def mend_after_fork(mends: "Mends") -> None:
    """Call ``mend`` in every child that is forked while the object lives."""
    if not hasattr(os, "register_at_fork"):  # There is no fork on Windows.
        return
    # The interpreter keeps the callback for good, so it must not keep the object.
    reference = ref(mends)

    def mend() -> None:
        alive = reference()
        if alive is not None:
            alive.mend()

    os.register_at_fork(after_in_child=mend)
