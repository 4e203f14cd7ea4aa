# SPDX-License-Identifier: Apache-2.0
"""Rules on the tables ``[builds.NAME]``: whose a build is, what it runs and where it may lie."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from coreline.manifest.model import Build, Manifest
from coreline.manifest.problems import Key, Mistake
from coreline.manifest.spelling import find_mistake
from coreline.manifest.texts import is_inside
from coreline.manifest.words import nearest, quoted


def wrap_of_build(manifest: Manifest) -> Iterator[Mistake]:
    """A build of the wrap is of one known wrap, one of the core of none."""
    wraps = manifest.wraps
    for name, build in manifest.builds.items():
        key, side = ("builds", name, "wrap"), ("builds", name, "side")
        if build.side == "core" and build.wrap is not None:
            yield Mistake(
                "core-build-names-wrap",
                key,
                f"Build {name} is of the core, and names the wrap {build.wrap}.",
                'Leave the key out, or write side = "wrap".',
                needs=(side,),
            )
        elif build.side == "wrap" and build.wrap is not None and build.wrap not in wraps:
            near = nearest(build.wrap, list(wraps))
            add = f"dd [wraps.{build.wrap}]."
            yield Mistake(
                "wrap-unknown",
                key,
                f"There is no wrap {build.wrap}.",
                f'Write "{near}", or a{add}' if near else f"A{add}",
                needs=(side, ("wraps", build.wrap)),
            )
        elif build.side == "wrap" and build.wrap is None and len(wraps) != 1:
            many = bool(wraps)
            yield Mistake(
                "wrap-missing",
                ("builds", name),
                f"Build {name} is of the wrap, and "
                + ("does not say of which." if many else "the manifest has no wrap."),
                f'Add wrap = "…", one of {", ".join(wraps)}.' if many else "Add [wraps.NAME].",
                on_key=True,
                needs=(side, key, ("wraps",), *(("wraps", one) for one in wraps)),
            )


def folders(manifest: Manifest) -> Iterator[Mistake]:
    """A build runs inside the files of the commit, wherever its folder lies."""
    for name, build in manifest.builds.items():
        if not is_inside(build.folder) or build.folder == "~" or "\0" in build.folder:
            yield Mistake(
                "folder-outside",
                ("builds", name, "folder"),
                f"{quoted(build.folder)} is not a folder inside the repository.",
                'Write it from the repository\'s root, such as "packages/core"; empty for the top.',
            )


def commands(manifest: Manifest) -> Iterator[Mistake]:
    """A command and what it makes are said where the tool is command, and nowhere else."""
    for name, build in manifest.builds.items():
        table: Key = ("builds", name)
        tool: Key = (*table, "tool")
        for key, is_given in (("command", build.command), ("artifacts", build.artifacts)):
            if build.tool == "command" and not is_given:
                what = "no command" if key == "command" else "none of the files that it makes"
                right = 'command = "make dist"' if key == "command" else 'artifacts = ["dist/*.gz"]'
                yield Mistake(
                    "build-incomplete",
                    table,
                    f"Build {name} is made by a command, and names {what}.",
                    f"Add {key}, such as {right}.",
                    on_key=True,
                    needs=(tool, (*table, key)),
                )
            elif build.tool != "command" and is_given:
                yield Mistake(
                    "build-key-unused",
                    (*table, key),
                    f"Build {name} is made by {build.tool}, which does not use {key}.",
                    f'Leave {key} out, or write tool = "command".',
                    needs=(tool,),
                )
        yield from _artifacts(table, build)


def _artifacts(table: Key, build: Build) -> Iterator[Mistake]:
    for index, pattern in enumerate(build.artifacts):
        wrong = find_mistake(pattern)
        if wrong is not None:
            message = f"{quoted(pattern)}: {wrong.message}"
            yield Mistake("glob-invalid", (*table, "artifacts", index), message, wrong.hint)


def registries(manifest: Manifest) -> Iterator[Mistake]:
    """A registry is an address that release can upload to, without a secret in it."""
    for name, build in manifest.builds.items():
        if build.registry is None:
            continue
        key: Key = ("builds", name, "registry")
        try:
            parts = urlsplit(build.registry)
            is_right = parts.scheme in ("http", "https") and bool(parts.hostname)
            has_secret = is_right and parts.username is not None
        except ValueError:
            is_right = has_secret = False
        if not is_right:
            yield Mistake(
                "registry-malformed",
                key,
                f"{quoted(build.registry)} is no http or https address.",
                'Write where it takes uploads, such as "https://packages.example.com/upload/".',
            )
        elif has_secret:
            yield Mistake(
                "credential-in-address",
                key,
                "The address has a user name or a secret in it, and the manifest is published.",
                "Leave it out: release takes it from the environment.",
            )


BUILD_RULES = (wrap_of_build, folders, commands, registries)
