# SPDX-License-Identifier: Apache-2.0
"""Where the story plays: one temporary folder, one environment, the processes it started."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from coreline.cli.demo.history import QUIET_GIT
from coreline.errors import InputError

# What would make a child of ours behave as the user's shell does and not as a stranger's would.
_FOREIGN = ("PYTHON", "CORELINE", "CONVERGE", "TWINE_", "GIT_", "HATCH_", "PYTEST_", "COV_")
_FOREIGN_EXACT = frozenset({"VIRTUAL_ENV", "COVERAGE_PROCESS_START", "SOURCE_DATE_EPOCH"})
_STOP_SECONDS = 12.0


@dataclass
class Stage:
    """The folders of the story and what its steps learned on the way."""

    folder: Path
    example: Path
    env: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    """Texts that are never shown, and what is shown for them."""
    facts: dict[str, str] = field(default_factory=dict)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.env = environment(os.environ)
        self.logs.mkdir(parents=True)

    @property
    def logs(self) -> Path:
        """One file for each step and each server."""
        return self.folder / "logs"

    @property
    def private(self) -> Path:
        """The vendor's repository: core and wrap."""
        return self.folder / "converge"

    @property
    def public(self) -> Path:
        """The public repository, as a forge would host it."""
        return self.folder / "public.git"

    @property
    def clone(self) -> Path:
        """A stranger's clone of the public repository."""
        return self.folder / "public-clone"

    @property
    def keys(self) -> Path:
        """The vendor's keys."""
        return self.folder / "keys"

    @property
    def wheels(self) -> Path:
        """What the vendor built."""
        return self.folder / "wheels"

    @property
    def wheelhouse(self) -> Path:
        """What a customer has from elsewhere: coreline-sdk."""
        return self.folder / "wheelhouse"

    @property
    def data(self) -> Path:
        """The server's data directory."""
        return self.folder / "server"

    @property
    def customer(self) -> Path:
        """The customer's virtual environment."""
        return self.folder / "customer"

    def customers_program(self, name: str) -> str:
        """Return a program of the customer's environment, such as ``pip``."""
        return str(self.customer / "bin" / name)

    def registry_env(self) -> dict[str, str]:
        """Return the environment in which only the vendor's registry is an index.

        The user's settings of pip and uv are for the user's own index, and stay with it.
        """
        env = {key: value for key, value in self.env.items() if not _is_setting(key)}
        env.update(PIP_CONFIG_FILE=os.devnull, PIP_NO_INPUT="1", UV_NO_CONFIG="1")
        env["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
        return env

    def hide(self, secret: str, instead: str) -> str:
        """Never show a text; return it."""
        self.secrets[secret] = instead
        return secret

    def shown(self, text: str) -> str:
        """Return a text as it may be shown: without secrets, paths from the story's folder."""
        for secret, instead in self.secrets.items():
            text = text.replace(secret, instead)
        return text.replace(f"{self.folder}/", "").replace(str(self.folder), ".")

    def stop(self) -> None:
        """End every process that was started, the last one first."""
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes.clear()


def environment(users: Mapping[str, str]) -> dict[str, str]:
    """Return the user's environment without what would change how the story plays."""
    env = {
        key: value
        for key, value in users.items()
        if not key.startswith(_FOREIGN) and key not in _FOREIGN_EXACT
    }
    env.update(QUIET_GIT, PIP_DISABLE_PIP_VERSION_CHECK="1", PYTHONDONTWRITEBYTECODE="1")
    env.update(NO_COLOR="1", COLUMNS="100", LC_ALL="C.UTF-8")
    env["NO_PROXY"] = env["no_proxy"] = "127.0.0.1,localhost"
    return env


def _is_setting(key: str) -> bool:
    return key.startswith(("PIP_", "UV_")) and key != "UV_CACHE_DIR"


def own_program(name: str) -> str:
    """Return a program that was installed beside Coreline.

    Raises:
        InputError: it is not there (``program-not-found``).
    """
    program = Path(sys.executable).parent / name
    if not program.exists():
        raise InputError(
            "program-not-found",
            f"{name} is not installed beside {sys.executable}.",
            "Run `make demo` in a checkout: it installs everything that the story needs.",
        )
    return str(program)
