# SPDX-License-Identifier: Apache-2.0
"""Go: a module's zip file and its go.mod, made here, as ``go`` itself has no command for it.

Source of every rule: the Go Modules Reference, "Module zip files" and "Pseudo-versions".
"""

import json
import re
import stat
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from coreline.errors import InputError
from coreline.releases.tool import Commit, Identity, Tool, Workplace

SIZE_MAX = 500 * 2**20
"""Of all files of a module, in bytes."""

_MODULE = re.compile(rb"^[ \t]*module[ \t]+(?:\"([^\"\s]+)\"|`([^`\s]+)`|([^\s\"`/]\S*))", re.M)
_VERSION = re.compile(
    r"v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:[0-9A-Za-z-]+\.)*[0-9A-Za-z-]+))?"
)
_MAJOR = re.compile(r"[/.]v([0-9]+)$")
_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest that a zip file can say: ``go`` ignores it, and so is nothing told by it."""


def _make(place: Workplace) -> None:
    try:
        module = _named((place.folder / "go.mod").read_bytes())
    except FileNotFoundError:
        module = None
    if module is None:
        raise InputError(
            "build-go-module",
            f"{place.planned.name}: {place.planned.folder or 'the top folder'} has no go.mod that "
            "names a module.",
            "Name the folder of a module.",
        )
    version = version_of(
        module, place.planned.folder, place.commit, is_core=place.planned.side == "core"
    )
    stem = f"{_escaped(module).replace('/', '!!')}@{version}"
    files = dict(_files(place.folder))
    if "LICENSE" not in files and (place.top / "LICENSE").is_file():
        # A module below the top takes the repository's license along.
        files["LICENSE"] = place.top / "LICENSE"
    _refuse_alike(place.planned.name, files)
    write_zip(place.out / f"{stem}.zip", f"{module}@{version}/", files)
    (place.out / f"{stem}.mod").write_bytes(files["go.mod"].read_bytes())
    info = {"Version": version, "Time": _rfc3339(place.commit.epoch)}
    (place.out / f"{stem}.info").write_text(json.dumps(info) + "\n", encoding="utf-8")


def _rfc3339(epoch: int) -> str:
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the files of a module: regular ones, not those of nested modules or vendored ones."""
    for one in sorted(folder.iterdir()):
        if one.is_symlink():
            continue
        if one.is_file():
            yield one.name, one
        elif one.is_dir() and one.name != "vendor" and not (one / "go.mod").is_file():
            for path, file in _files(one):
                yield f"{one.name}/{path}", file


def _refuse_alike(name: str, files: dict[str, Path]) -> None:
    """Refuse names that are one where letters have no case, and more than go would take."""
    folded: dict[str, str] = {}
    for path in files:
        other = folded.setdefault(path.lower(), path)
        if other != path:
            raise InputError(
                "build-go-names",
                f"{name}: {other} and {path} differ by case alone, which go refuses.",
                "Rename one of them.",
            )
    if sum(one.stat().st_size for one in files.values()) > SIZE_MAX:
        raise InputError(
            "build-go-size", f"{name}: a module may have 500 MiB, and this one has more."
        )


def write_zip(path: Path, prefix: str, files: dict[str, Path]) -> None:
    """Write files into a zip file whose bytes depend on their names and contents alone."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(prefix + name, _TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system, info.external_attr = 3, (stat.S_IFREG | 0o644) << 16
            archive.writestr(info, files[name].read_bytes())


def version_of(module: str, folder: str, commit: Commit, *, is_core: bool) -> str:
    """Return the version of a module at a commit: its tag, else a pseudo-version.

    A pseudo-version holds the commit's id, and that of a core is public.

    Args:
        module: its path, whose ending says the major version from 2 on.
        folder: where it lies; its tags begin with that.
        commit: what is built from.
        is_core: whether the commit is called by its public id.

    Raises:
        InputError: it has none, and no tag either (``build-go-unpublished``).
    """
    major = _MAJOR.search(module)
    majors = ("0", "1") if major is None else (major[1],)
    prefix = f"{folder}/" if folder else ""
    known = [
        (match, name.removeprefix(prefix))
        for name in commit.git.text("tag", "--list", "--merged", commit.id).splitlines()
        if name.startswith(prefix)
        and (match := _VERSION.fullmatch(name.removeprefix(prefix))) is not None
        and match[1] in majors
    ]
    here = set(commit.git.text("tag", "--list", "--points-at", commit.id).splitlines())
    exact = [one for one in known if prefix + one[1] in here]
    if exact:
        return max(exact, key=_order)[1]
    when = datetime.fromtimestamp(commit.epoch, UTC).strftime("%Y%m%d%H%M%S")
    shown = commit.public if is_core else commit.id
    if shown is None:
        raise InputError(
            "build-go-unpublished",
            f"{module} has no version at {commit.id[:12]}: no tag names one, and a pseudo-version "
            "would tell the id of a private commit.",
            "Tag the commit, or publish it first: then the version holds the public id.",
        )
    stamp = f"{when}-{shown[:12]}"
    if not known:
        return f"v{majors[0]}.0.0-{stamp}"
    match, newest = max(known, key=_order)
    if match[4] is not None:
        return f"{newest}.0.{stamp}"
    return f"v{match[1]}.{match[2]}.{int(match[3]) + 1}-0.{stamp}"


def _order(one: tuple[re.Match[str], str]) -> tuple[tuple[int, ...], bool, list[tuple[int, str]]]:
    """Order versions as Semantic Versioning 2.0.0 does (11)."""
    match = one[0]
    parts = [] if match[4] is None else match[4].split(".")
    return (
        tuple(int(match[number]) for number in (1, 2, 3)),
        match[4] is None,
        [(int(part), "") if part.isdigit() else (1 << 62, part) for part in parts],
    )


def _escaped(module: str) -> str:
    """Write capital letters as ``go`` does in names of files: ``!`` and the small one."""
    return re.sub(r"[A-Z]", lambda match: f"!{match[0].lower()}", module)


def _named(data: bytes) -> str | None:
    match = _MODULE.search(data)
    if match is None:
        return None
    return (match[1] or match[2] or match[3]).decode("utf-8", "replace")


def _identify(path: str, _data: bytes) -> Identity:
    module, _, rest = path.partition("@")
    return Identity(module, rest.partition("/")[0])


TOOL = Tool(
    name="go",
    sentence="The zip file, go.mod and .info that a module proxy serves, made by Coreline itself.",
    make=_make,
    marker="go.mod",
    named=_named,
    plain=(".mod", ".info"),
    is_metadata=lambda path: re.fullmatch(r"[^@]+@[^/@]+/go\.mod", path) is not None,
    identify=_identify,
)
