# SPDX-License-Identifier: Apache-2.0
"""Steps of CI: which keys hold commands, paths, triggers and conditions, whatever the service.

Triggers (``paths:``, ``branches:``) and names of jobs and steps are no references: they say when
something runs and what it is called, and nothing fails where what they name does not exist.
"""

import re

from tree_sitter import Node

from coreline.boundary.builds.conditions import flag_in
from coreline.boundary.builds.guards import PATHS_GUARD
from coreline.boundary.builds.tools import listed
from coreline.boundary.builds.yaml import Place
from coreline.boundary.builds.yaml_files import Hit, YamlFile, read
from coreline.boundary.extension import Source
from coreline.boundary.facts import FileFacts

_SHELL = listed(
    "run script scripts before_script after_script command commands cmd cmds bash sh pwsh "
    "powershell entrypoint before init prebuild postCreateCommand"
)
_PATH = re.compile(
    r"(^|[_-])(context|docker_?file(_path)?|file|working_?-?directory|workdir|template|local|dir|directory"
    r"|cwd|root_?dir|package_?dir|project_?dir|config_path|uses|main|extra_files|build_context)$",
    re.I,
)
_TRIGGERS = listed(
    "paths paths-ignore branches branches-ignore tags tags-ignore changes changesets "
    "includePaths filters trigger pr if_changed"
)
_PROSE = listed(
    "name description displayName title label labels comment body message note id group "
    "job-name key needs dependsOn depends_on environment exclude ignore skip"
)
_VARIABLES = frozenset(["env", "variables", "environment"])
_CONDITIONS = ("if", "when", "condition", "unless", "only_if")
_FORGIVEN = ("continue-on-error", "allow_failure", "continueOnError", "soft_fail", "ignore_errors")
_OUTPUTS = re.compile(
    r"\b(?:needs|steps|dependencies|stageDependencies)[.\[][\w.'\[\]-]*?\boutputs?[.\[]'?([\w.-]+)"
)
_CONTEXT = re.compile(
    r"\b(?:vars|inputs|secrets|env|parameters|variables|pipeline\.parameters)\.([\w-]+)"
)
_OWN = re.compile(r"^flag (CI_|GITHUB_|CIRCLE_|BUILDKITE_|BITBUCKET_|GITLAB_|BUILD_)")


def extract(source: Source) -> FileFacts:
    """Return the facts of a file of a CI service."""
    return read(source, _handle)


def _handle(file: YamlFile, place: Place, hit: Hit) -> None:
    """Add what one hit in a file of CI means."""
    named = [key for key in place.keys if key != "-"]
    last = named[-1] if named else ""
    if place.scalar is None or not named or _TRIGGERS & set(named) or last in _PROSE:
        return
    if "on" in named[:1] and "inputs" not in named:
        return
    if place.is_key:
        # The name of a job, a variable or an input.
        return
    guard = guard_of(file, place)
    if last in _CONDITIONS or last == "exists":
        file.commands.mention(hit, "probe")
    elif _is_shell(named):
        file.shell(place.scalar, guard)
    elif _PATH.search(last) and not _VARIABLES & set(named):
        file.commands.take_word(hit, guard)
    else:
        file.commands.mention(hit, guard)


def _is_shell(named: list[str]) -> bool:
    # actions/github-script is given JavaScript.
    return named[-1] in _SHELL and not (named[-1] == "script" and "with" in named)


def guard_of(file: YamlFile, place: Place) -> str | None:
    """Return what guards a step: its own condition, its job's, or the triggers of the file."""
    for mapping in reversed(place.mappings):
        guard = _guard(file, mapping)
        if guard is not None:
            return guard
    return None


def _guard(file: YamlFile, mapping: Node) -> str | None:
    yaml = file.yaml
    for key in _FORGIVEN:
        if "".join(yaml.texts(yaml.value(mapping, key))).strip().lower() in ("true", "yes"):
            return "try"
    for key in _CONDITIONS:
        node = yaml.value(mapping, key)
        guard = None if node is None else _condition(file, node)
        if guard is not None:
            return guard
    return _of_rules(file, mapping) or _of_triggers(file, mapping)


def _condition(file: YamlFile, node: Node) -> str | None:
    if file.names_wrap(node):
        return "probe"
    text = file.data[node.start_byte : node.end_byte].decode("utf-8", "replace")
    for pattern in (_OUTPUTS, _CONTEXT):
        match = pattern.search(text)
        if match is not None:
            return f"flag {match[1]}"
    if "github.repository" in text:
        return "flag github.repository"
    flag = flag_in(text)
    return None if flag is None or _OWN.match(flag) else flag


def _of_rules(file: YamlFile, mapping: Node) -> str | None:
    """Return the guard of GitLab's rules: each that lets a job run has to have one."""
    rules = file.yaml.value(mapping, "rules")
    if rules is None:
        return None
    guards = []
    for item in rules.named_children:
        rule = item.named_children[0] if item.named_children else item
        while rule.type in ("block_node", "flow_node") and rule.named_children:
            rule = rule.named_children[-1]
        if "never" in file.yaml.texts(file.yaml.value(rule, "when")):
            continue
        guards.append(_of_rule(file, rule))
    return guards[0] if guards and all(guards) else None


def _of_rule(file: YamlFile, rule: Node) -> str | None:
    if file.names_wrap(file.yaml.value(rule, "exists")):
        return "probe"
    if _only_wrap(file, file.yaml.value(rule, "changes")):
        return PATHS_GUARD
    condition = file.yaml.value(rule, "if")
    return None if condition is None else _condition(file, condition)


def _of_triggers(file: YamlFile, mapping: Node) -> str | None:
    """Return the guard of triggers that look at paths of the wrap alone."""
    triggers = file.yaml.value(mapping, "on")
    if triggers is None:
        return None
    names = [name for name in file.yaml.keys(triggers) if name != "workflow_dispatch"]
    events = [file.yaml.value(triggers, name, "paths") for name in names]
    if events and all(one is not None and _only_wrap(file, one) for one in events):
        return PATHS_GUARD
    return None


def _only_wrap(file: YamlFile, node: Node | None) -> bool:
    if node is None or node.type not in ("block_sequence", "flow_sequence"):
        return False
    items = [one for one in node.named_children if one.type != "comment"]
    return bool(items) and all(file.names_wrap(one) for one in items)
