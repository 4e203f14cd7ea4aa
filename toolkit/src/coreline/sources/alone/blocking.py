# SPDX-License-Identifier: Apache-2.0
"""The wrap made absent for the interpreters that a test may start, by a hook that each loads.

A wrap that is installed beside the core (the usual environment of its own developers) would else
be found, and the test would show nothing. Interpreters without a hook only miss the wrap's files.
"""

import json
import shutil
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct


class Blocked(Struct, frozen=True, kw_only=True):
    """What is refused, each with its wrap."""

    modules: Mapping[str, str]
    """Dotted modules of Python."""
    packages: Mapping[str, str]
    """Distributions of Python, normalized as PEP 503 does."""
    node: Mapping[str, str]
    """Packages of npm."""
    ruby: Mapping[str, str]
    """Paths that Ruby requires."""


class Runtime(NamedTuple):
    """An interpreter that can be told by its environment to load a hook."""

    name: str
    programs: tuple[str, ...]
    copied: Mapping[str, str]
    """The files of the hook, and the name that each is copied as."""
    variable: str
    value: str
    """Of the variable; ``{}`` is the folder of the hooks."""


RUNTIMES = (
    Runtime(
        "Python", ("python3", "python"), {"python_hook.py": "sitecustomize.py"}, "PYTHONPATH", "{}"
    ),
    Runtime(
        "Node.js",
        ("node",),
        {name: name for name in ("node_hook.cjs", "node_hook.mjs", "node_rule.cjs")},
        "NODE_OPTIONS",
        "--require={}/node_hook.cjs",
    ),
    Runtime("Ruby", ("ruby",), {"ruby_hook.rb": "ruby_hook.rb"}, "RUBYOPT", "-r{}/ruby_hook.rb"),
)


def runtimes_on(path: str) -> list[Runtime]:
    """Return the runtimes that exist on a PATH."""
    return [
        one
        for one in RUNTIMES
        if any(shutil.which(program, path=path) is not None for program in one.programs)
    ]


def write_hooks(folder: Path, blocked: Blocked, *, repository: Path, core: Path) -> dict[str, str]:
    """Write the hooks of all runtimes and return the variables that make them load.

    Args:
        folder: where the hooks are put; made here.
        blocked: what they refuse.
        repository: where the wrap's files still are; nothing is loaded from there.
        core: where the core's files are instead.
    """
    folder.mkdir()
    source = files("coreline.sources.alone.hooks")
    told = {
        "modules": dict(blocked.modules),
        "packages": dict(blocked.packages),
        "node": dict(blocked.node),
        "ruby": dict(blocked.ruby),
        "repository": str(repository.resolve()),
        "core": str(core.resolve()),
    }
    (folder / "coreline_alone.json").write_text(json.dumps(told), encoding="utf-8")
    for runtime in RUNTIMES:
        for name, copied in runtime.copied.items():
            (folder / copied).write_bytes(source.joinpath(name).read_bytes())
    return {runtime.variable: runtime.value.format(folder) for runtime in RUNTIMES}
