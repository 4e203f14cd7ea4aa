# SPDX-License-Identifier: LicenseRef-Converge-Enterprise
"""The gate: the one place of the wrap that asks what the license allows."""

import sys
from argparse import Namespace
from collections.abc import Callable
from functools import cache

from converge_telemetry import telemetry
from coreline_sdk import Coreline, NotEntitled

from converge_enterprise.vendor import BUILT, ROOT_KEYS

NOT_ENTITLED = 4
"""The exit code of a command that the license does not allow."""


@cache
def license_() -> Coreline:
    """Return the license of this installation, from CORELINE_LICENSE; read once."""
    return Coreline("converge", root_keys=ROOT_KEYS, built=BUILT, telemetry=telemetry())


def gated(feature: str, run: Callable[[Namespace], int]) -> Callable[[Namespace], int]:
    """Return a command that runs if the license holds a feature, and else says why it does not."""

    def gate(options: Namespace) -> int:
        try:
            return license_().requires(feature)(run)(options)
        except NotEntitled as closed:
            print(f"error: {closed.sentence} [{closed.code}]", file=sys.stderr)
            if closed.hint:
                print(f"  hint: {closed.hint}", file=sys.stderr)
            return NOT_ENTITLED

    return gate
