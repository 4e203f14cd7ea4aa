# SPDX-License-Identifier: Apache-2.0
"""``coreline check --standalone``: the core's own tests, run where no wrap exists.

The only way to run ``check`` that runs anything of a repository, and only because it was asked to.
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from coreline.cli.checking.options import Options, format_named
from coreline.cli.checking.tree import manifest_of
from coreline.cli.context import Context
from coreline.errors import ExitCode, InputError, OutsideError

if TYPE_CHECKING:
    from coreline.boundary.model import Report
    from coreline.boundary.names import Names
    from coreline.boundary.standalone import Ran
    from coreline.manifest.parse import ParsedManifest
    from coreline.sources.alone.blocking import Blocked
    from coreline.sources.tree import Entry

# POSIX: what a shell ends with where a command was not found, or is no program.
_NOT_STARTED = (126, 127)


def run(ctx: Context, options: Options) -> int:
    """Run the tests, write the report, and return the exit code."""
    from coreline.boundary.standalone import CHECK

    chosen = format_named(options.format_name)
    with _folder(keep=options.keep) as folder:
        report = _report(ctx, options, folder)
    chosen.write(report, sys.stdout, [CHECK])
    return int(ExitCode.KEPT if report.kept else ExitCode.BROKEN)


def _report(ctx: Context, options: Options, folder: Path) -> "Report":
    from coreline.boundary.model import NotAnalyzed
    from coreline.boundary.standalone import names_of, report_runs
    from coreline.manifest.claims import Line
    from coreline.sources.alone.export import export

    tree = ctx.tree(at=options.at, staged=options.staged)
    parsed = manifest_of(ctx, tree, staged=options.staged)
    if not parsed.manifest.core.test:
        raise InputError(
            "standalone-no-tests",
            "The manifest says nothing of how the core is tested.",
            'Add test = ["…"] to [core]: commands that pass where no wrap exists.',
        )
    line, entries = Line(parsed.manifest), tree.entries()
    core = [entry for entry in entries if line.side(entry.path) == "core"]
    root = folder / "core"
    root.mkdir()
    left = export(tree, core, root)
    _say(f"{len(core) - len(left):,} files of the core in {root}, from {tree.label}")
    names = names_of((entry.path for entry in entries), parsed)
    env, notes = _environment(ctx, options, folder, parsed, names, core)
    ran = _run_all(parsed, names, root, env, options.timeout_seconds)
    return report_runs(
        parsed,
        ran,
        files=len(core),
        left_out=[NotAnalyzed(one.path, one.reason) for one in left],
        notes=notes,
        label=f"the core alone, from {tree.label}",
    )


def _environment(
    ctx: Context,
    options: Options,
    folder: Path,
    parsed: "ParsedManifest",
    names: "Names",
    core: list["Entry"],
) -> tuple[dict[str, str], list[str]]:
    """Return the environment of the tests, and what a reader should know of it."""
    from coreline.sources.alone.blocking import runtimes_on, write_hooks
    from coreline.sources.alone.environment import clean_environment
    from coreline.sources.alone.node_packages import link_packages

    repository = ctx.folder_of(at=options.at, staged=options.staged)
    blocked = _blocked(parsed, names)
    hooks = write_hooks(folder / "hooks", blocked, repository=repository, core=folder / "core")
    for name in ("home", "tmp"):
        (folder / name).mkdir()
    env = clean_environment(os.environ, home=folder / "home", temporary=folder / "tmp", hooks=hooks)
    packages = [one.path.rpartition("/")[0] for one in core if one.path.endswith("package.json")]
    linked = link_packages(repository, folder / "core", packages, blocked.node)
    refused = sorted({*blocked.modules, *blocked.packages, *blocked.node})
    found = ", ".join(one.name for one in runtimes_on(env["PATH"])) or "no runtime"
    blocking = f"Blocked from import: {', '.join(refused) or 'nothing'} ({found})."
    notes = [f"{blocking} For other runtimes only the wrap's files are absent."]
    if linked:
        notes.append("Installed npm packages are those of the work tree, less the wrap's.")
    for note in notes:
        _say(note)
    return env, notes


def _blocked(parsed: "ParsedManifest", names: "Names") -> "Blocked":
    from coreline.sources.alone.blocking import Blocked

    wraps = parsed.manifest.wraps
    declared = {name: wrap for wrap, table in wraps.items() for name in table.packages}
    return Blocked(
        modules=names.modules,
        packages=names.packages,
        node={**names.modules, **declared},
        # A gem acme-pro is required as acme/pro or acme-pro.
        ruby={
            spelling: wrap
            for name, wrap in {**names.modules, **declared}.items()
            for spelling in (name, name.replace("-", "/"))
        },
    )


def _run_all(
    parsed: "ParsedManifest", names: "Names", root: Path, env: dict[str, str], seconds_max: float
) -> list["Ran"]:
    """Run the commands one after another; what follows one that failed is not run."""
    from coreline.boundary.standalone import Ran, Watch
    from coreline.sources.alone.process import run_command

    ran: list[Ran] = []
    deadline = time.monotonic() + seconds_max
    for number, command in enumerate(parsed.manifest.core.test):
        _say(f"$ {command}")
        watch, started = Watch(names, str(root)), time.monotonic()

        def on_line(line: bytes, watch: Watch = watch) -> None:
            watch.line(line)
            sys.stderr.write(line.decode("utf-8", "replace"))
            sys.stderr.flush()

        left = max(0.0, deadline - started)
        ended = run_command(command, folder=root, env=env, timeout_seconds=left, on_line=on_line)
        if ended.code in _NOT_STARTED:
            raise OutsideError(
                "standalone-not-started",
                f"`{command}` cannot be started: the shell ended with {ended.code}.",
                "Is the program installed, and on the PATH of this shell?",
            )
        ran.append(
            Ran(
                number=number,
                command=command,
                code=ended.code,
                seconds=seconds_max if ended.code is None else time.monotonic() - started,
                place=watch.place,
            )
        )
        if ended.code != 0:
            break
    return ran


def _say(text: str) -> None:
    print(f"coreline: {text}", file=sys.stderr, flush=True)


@contextmanager
def _folder(*, keep: bool) -> Iterator[Path]:
    """Give a fresh folder, and remove it with whatever the tests left in it."""
    # A resolved name is the one that programs print.
    folder = Path(tempfile.mkdtemp(prefix="coreline-alone-")).resolve()
    try:
        yield folder
    finally:
        if keep:
            _say(f"kept: {folder}")
        else:
            _remove(folder)


def _remove(folder: Path) -> None:
    # Some tools write folders that not even their owner may change, Go's cache among them.
    for where, folders, _ in os.walk(folder):
        for name in folders:
            place = Path(where) / name
            if not place.is_symlink():
                place.chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        _say(f"{folder} could not be removed")
