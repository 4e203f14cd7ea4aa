# SPDX-License-Identifier: Apache-2.0
"""``coreline explain``: which side a path is on, by which line of the manifest."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coreline.cli.context import Context
from coreline.errors import ExitCode, InputError

if TYPE_CHECKING:
    from coreline.manifest.explain import Explanation, Placed, Summary
    from coreline.manifest.parse import ParsedManifest

# Of the files that nobody claims, as many are named as a person reads.
_NAMED_MAX = 5


@click.command("explain", short_help="Say which side a path is on, and why.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "--format",
    "layout",
    type=click.Choice(["text", "json"]),
    default="text",
    help="How to print it.",
)
@click.pass_obj
def explain(ctx: Context, paths: tuple[str, ...], layout: str) -> int:
    """Say which side PATH is on, and which line of the manifest says so.

    PATH need not exist. A folder is summed up by claim. The exit code is 1 where a file is
    claimed by nobody, or by two sides alike.
    """
    from coreline.manifest import explain as rules

    parsed = ctx.manifest()
    answers: list[Explanation | Summary] = []
    for path in paths:
        name = inside(ctx.folder, ctx.started / path)
        on_disk = ctx.folder / name
        if path.endswith("/") or (on_disk.is_dir() and not on_disk.is_symlink()):
            answers.append(rules.summarize(parsed, name, _below(ctx, name)))
        else:
            answers.append(rules.explain(parsed, name))
    if layout == "json":
        print(json.dumps({"paths": [_as_json(answer) for answer in answers]}, indent=2))
    else:
        print("\n\n".join(_as_text(parsed, answer) for answer in answers))
    return int(ExitCode.KEPT if all(map(_is_claimed, answers)) else ExitCode.BROKEN)


def inside(folder: Path, path: Path) -> str:
    """Return a path from the repository's root, as the manifest speaks of it; "" is the root.

    Raises:
        InputError: the path is outside the repository (``path-outside``).
    """
    root = os.path.realpath(folder)
    # The last part stays as it is: a link is a file of the repository, wherever it leads.
    above, name = os.path.split(os.path.abspath(path))  # noqa: PTH100 - resolve() follows it.
    relative = os.path.relpath(Path(os.path.realpath(above)) / name, root)
    if relative == os.pardir or relative.startswith(os.pardir + os.sep):
        raise InputError(
            "path-outside",
            f"{path} is outside {folder.resolve()}.",
            "Give a path of the repository, or name the repository with -C.",
        )
    return "" if relative == os.curdir else relative.replace(os.sep, "/")


def _below(ctx: Context, folder: str) -> list[str]:
    start = f"{folder}/" if folder else ""
    return [entry.path for entry in ctx.tree().entries() if entry.path.startswith(start)]


def _is_claimed(answer: "Explanation | Summary") -> bool:
    if answer.kind == "folder":
        return all(group.state == "claimed" for group in answer.groups)
    return answer.state == "claimed"


def _as_text(parsed: "ParsedManifest", answer: "Explanation | Summary") -> str:
    if answer.kind == "folder":
        return "\n".join(_folder_lines(parsed, answer))
    return "\n".join(_file_lines(parsed, answer))


def _file_lines(parsed: "ParsedManifest", answer: "Explanation") -> list[str]:
    from coreline.manifest.words import shown_path

    name = shown_path(answer.path)
    if answer.state == "unclaimed":
        return [f"{name}: nobody claims it", f"  hint: {_how_to_claim(answer.path)}"]
    if answer.state == "tie":
        lines = [f"{name}: a tie, since none of these claims is narrower than the others"]
        lines += [f"  {_line(parsed, one)} ({_owner(one)})" for one in answer.winners]
        lines.append("  hint: Let one claim say more, such as this very path.")
    else:
        lines = [f"{name}: {_owner(answer.winners[0])}"]
        lines.append(f"  {_line(parsed, answer.winners[0])}")
    if answer.others:
        lines.append("  also matched, and says less:")
        lines += [f"    {_line(parsed, one)} ({_owner(one)})" for one in answer.others]
    return lines


def _folder_lines(parsed: "ParsedManifest", summary: "Summary") -> list[str]:
    from coreline.manifest.words import shown_path

    lines = [f"{shown_path(summary.path or '.')}/: {_files(summary.files)}"]
    for group in summary.groups:
        if group.state == "claimed":
            winner = group.winners[0]
            owner = f"{_owner(winner)}: {_files(len(group.paths))}"
            lines.append(f"  {owner} by {_line(parsed, winner)}")
            continue
        what = "claimed by nobody" if group.state == "unclaimed" else "in a tie"
        lines.append(f"  {what}: {_files(len(group.paths))}")
        lines += [f"    {_line(parsed, one)} ({_owner(one)})" for one in group.winners]
        lines += [f"    {shown_path(path)}" for path in group.paths[:_NAMED_MAX]]
        if len(group.paths) > _NAMED_MAX:
            lines.append(f"    and {len(group.paths) - _NAMED_MAX} more")
        if group.state == "unclaimed":
            lines.append(f"    hint: {_how_to_claim(group.paths[0])}")
    return lines


def _owner(placed: "Placed") -> str:
    side, wrap, feature = placed.claim.side, placed.claim.wrap, placed.claim.feature
    owner = f"wrap {wrap}" if wrap else side
    return f"{owner}, feature {feature}" if feature else owner


def _line(parsed: "ParsedManifest", placed: "Placed") -> str:
    if placed.position is None:
        return f"{parsed.source} itself: core, unless a side claims it"
    return f"{parsed.source}:{placed.position.line}: {placed.claim.pattern}"


def _how_to_claim(path: str) -> str:
    from coreline.manifest.words import quoted

    folder = path.partition("/")[0]
    pattern = f"{folder}/**" if "/" in path else path
    return f"Add {quoted(pattern)} to paths of [core], or of a wrap."


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count:,} files"


def _as_json(answer: "Explanation | Summary") -> dict[str, object]:
    if answer.kind == "folder":
        return {
            "path": answer.path or ".",
            "kind": "folder",
            "files": answer.files,
            "groups": [
                {
                    "state": group.state,
                    "files": len(group.paths),
                    "claims": [_claim_json(one) for one in group.winners],
                    "paths": [] if group.state == "claimed" else list(group.paths),
                }
                for group in answer.groups
            ],
        }
    winner = answer.winners[0].claim if answer.state == "claimed" else None
    return {
        "path": answer.path,
        "kind": "file",
        "state": answer.state,
        "side": winner.side if winner else None,
        "wrap": winner.wrap if winner else None,
        "feature": winner.feature if winner else None,
        "claims": [_claim_json(one) for one in answer.winners],
        "also_matched": [_claim_json(one) for one in answer.others],
    }


def _claim_json(placed: "Placed") -> dict[str, object]:
    line, column = placed.position or (None, None)
    claim = placed.claim
    return {
        "pattern": claim.pattern,
        "side": claim.side,
        "wrap": claim.wrap,
        "feature": claim.feature,
        "line": line,
        "column": column,
    }


COMMAND: click.Command = explain
