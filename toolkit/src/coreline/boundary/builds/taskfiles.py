# SPDX-License-Identifier: Apache-2.0
"""Taskfiles: what the tasks that a build of the core needs take from a wrap."""

from coreline.boundary.builds import yaml_files
from coreline.boundary.builds.makefiles import GOALS
from coreline.boundary.builds.pipelines import guard_of
from coreline.boundary.builds.yaml import Place
from coreline.boundary.builds.yaml_files import Hit, YamlFile
from coreline.boundary.extension import Source
from coreline.boundary.facts import FileFacts

_SHELL = frozenset(["cmds", "cmd", "sh"])
_PATHS = frozenset(["dir", "taskfile", "dotenv", "includes"])
_PROSE = frozenset(["desc", "summary", "msg", "sources", "generates"])


def extract(source: Source) -> FileFacts:
    """Return the facts of a Taskfile."""
    return yaml_files.read(source, _handle)


def _handle(file: YamlFile, place: Place, hit: Hit) -> None:
    named = [key for key in place.keys if key != "-"]
    last = named[-1] if named else ""
    if place.scalar is None or place.is_key or last in _PROSE:
        return
    guard = _target(file, named) or _optional(file, place) or guard_of(file, place)
    needed = not (guard or "").startswith("target ")
    if last in ("status", "preconditions"):
        file.commands.mention(hit, "probe")
    elif last in _SHELL:
        file.shell(place.scalar, guard, needed=needed)
    elif last in _PATHS or "includes" in named[:1]:
        file.commands.take_word(hit, guard, needed=needed)
    else:
        file.commands.mention(hit, guard)


def _optional(file: YamlFile, place: Place) -> str | None:
    values = (file.yaml.value(one, "optional") for one in place.mappings)
    return "try" if any("true" in file.yaml.texts(one) for one in values) else None


def _target(file: YamlFile, named: list[str]) -> str | None:
    """Return the task as a guard, where no build of the core reaches it."""
    if named[:1] != ["tasks"] or len(named) < 2 or file.yaml.root is None:
        return None
    tasks = file.yaml.value(file.yaml.root, "tasks")
    waiting, reached = ["default", *GOALS], set[str]()
    while tasks is not None and waiting:
        name = waiting.pop()
        task = file.yaml.value(tasks, name)
        if task is None or name in reached:
            continue
        reached.add(name)
        waiting += file.yaml.texts(file.yaml.value(task, "deps"))
        calls = file.yaml.texts(file.yaml.value(task, "cmds"))
        waiting += [one.removeprefix("task:").strip() for one in calls if one.startswith("task:")]
    return None if named[1] in reached else f"target {named[1]}"
