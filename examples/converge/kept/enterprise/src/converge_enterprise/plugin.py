# SPDX-License-Identifier: LicenseRef-Converge-Enterprise
"""How the wrap attaches to converge: through its public door, the group ``converge.plugins``."""

from argparse import ArgumentParser, Namespace

from converge.door import Command, Door

from converge_enterprise import __version__
from converge_enterprise.compliance import command as audit
from converge_enterprise.fleet import command as fleet
from converge_enterprise.gate import gated, license_
from converge_enterprise.vendor import BUILT


def attach(door: Door) -> None:
    """Add the commands of converge-enterprise."""
    door.add_command(
        Command(
            words=("fleet", "report"),
            help="one report over the run reports of many machines",
            arguments=fleet.arguments,
            run=gated("fleet", fleet.run),
        )
    )
    door.add_command(
        Command(
            words=("audit",),
            help="check policy rules against this machine, with evidence",
            arguments=audit.arguments,
            run=gated("compliance", audit.run),
        )
    )
    door.add_command(
        Command(
            words=("enterprise",),
            help="say which license is found and what it allows",
            arguments=_no_arguments,
            run=_status,
        )
    )


def _no_arguments(parser: ArgumentParser) -> None:
    """Take none."""


def _status(options: Namespace) -> int:
    status = license_().status()
    print(f"converge-enterprise {__version__}, released {BUILT}")
    print(status.sentence)
    if status.hint:
        print(f"hint: {status.hint}")
    return 0
