# SPDX-License-Identifier: Apache-2.0
"""The environment of a build: the same each time, and nothing in it that is secret."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from coreline.boundary.names import Names
from coreline.manifest.model import Manifest
from coreline.sources.alone.blocking import Blocked, write_hooks
from coreline.sources.alone.environment import clean_environment


def environment_of(
    room: Path, *, epoch: int, passed: Sequence[str], hooks: Mapping[str, str]
) -> dict[str, str]:
    """Return the whole environment of a build.

    Args:
        room: a folder of the build's own, for what tools keep at home.
        epoch: the commit's date (reproducible-builds.org, ``SOURCE_DATE_EPOCH``).
        passed: variables of the user that are handed on.
        hooks: variables that make interpreters refuse the wrap.
    """
    for name in ("home", "tmp"):
        (room / name).mkdir()
    env = clean_environment(os.environ, home=room / "home", temporary=room / "tmp", hooks=hooks)
    # A build is no test, and must not come out different for knowing where it runs.
    del env["CORELINE_STANDALONE"]
    env.update({name: os.environ[name] for name in passed if name in os.environ})
    env.update(
        SOURCE_DATE_EPOCH=str(epoch),
        TZ="UTC",
        LANG="C.UTF-8",
        LC_ALL="C.UTF-8",
        PYTHONHASHSEED="0",
        NO_COLOR="1",
        npm_config_update_notifier="false",
    )
    return env


def block_wraps(room: Path, manifest: Manifest, names: Names, repository: Path) -> dict[str, str]:
    """Write what makes a wrap that is installed here absent for the core's builds."""
    declared = {name: wrap for wrap, table in manifest.wraps.items() for name in table.packages}
    blocked = Blocked(
        modules=names.modules,
        packages=names.packages,
        node={**names.modules, **declared},
        ruby={**names.modules, **declared},
    )
    return write_hooks(room / "hooks", blocked, repository=repository, core=room / "source")
