# SPDX-License-Identifier: Apache-2.0
"""The environment that a test of the core runs in: what finds tools, and nothing that is secret."""

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

_KEPT = ("VIRTUAL_ENV", "CONDA_PREFIX", "JAVA_HOME", "GOROOT", "GEM_HOME", "GEM_PATH", "TZ")
"""Where tools and their packages are; passed on where the user has set them."""

_BELOW_HOME = {
    "PYENV_ROOT": ".pyenv",
    "RBENV_ROOT": ".rbenv",
    "ASDF_DATA_DIR": ".asdf",
    "RUSTUP_HOME": ".rustup",
    "GOMODCACHE": "go/pkg/mod",
    "PYTHONUSERBASE": ".local",
}
"""What tools look for below HOME, which is another one here: tools and packages, no passwords."""


def clean_environment(
    user: Mapping[str, str], *, home: Path, temporary: Path, hooks: Mapping[str, str]
) -> dict[str, str]:
    """Return the whole environment of a test.

    Args:
        user: the environment of the user.
        home: an empty folder.
        temporary: another one, for temporary files.
        hooks: variables that make interpreters refuse the wrap.
    """
    env = {name: user[name] for name in _KEPT if user.get(name)}
    below = Path(user.get("HOME", "/"))
    for name, inner in _BELOW_HOME.items():
        if user.get(name):
            env[name] = user[name]
        elif (below / inner).is_dir():
            env[name] = str(below / inner)
    env.update(
        PATH=search_path(user),
        HOME=str(home),
        LANG=user.get("LC_ALL") or user.get("LANG") or "C.UTF-8",
        TMPDIR=str(temporary),
        # A test may ask whether it runs here; nothing else of this run is told.
        CORELINE_STANDALONE="1",
    )
    env.update(hooks)
    return env


def search_path(user: Mapping[str, str]) -> str:
    """Return the PATH on which the user's tools are.

    The programs of an environment come first where it is named and not on PATH; where there is no
    Python at all, the one that runs Coreline is the last resort.
    """
    folders = [one for one in user.get("PATH", os.defpath).split(os.pathsep) if one]
    if user.get("VIRTUAL_ENV"):
        own = os.path.join(user["VIRTUAL_ENV"], "bin")  # noqa: PTH118 - PATH is made of text.
        if own not in folders:
            folders.insert(0, own)
    if shutil.which("python", path=os.pathsep.join(folders)) is None:
        folders.append(os.path.dirname(sys.executable))  # noqa: PTH120 - as above.
    return os.pathsep.join(folders)
