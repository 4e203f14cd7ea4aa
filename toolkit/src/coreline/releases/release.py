# SPDX-License-Identifier: Apache-2.0
"""Artifacts uploaded to the registry of their side, and nothing where anything speaks against it.

A release is not taken back here: no file is yanked or removed from a registry.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from coreline.boundary.artifacts.reporting import report_artifacts
from coreline.boundary.artifacts.repository import Repository
from coreline.errors import InputError, OutsideError
from coreline.releases.guard import Refusal, Side, Target, refusals
from coreline.releases.model import Artifact, Built
from coreline.releases.plan import declared
from coreline.releases.probe import seen
from coreline.releases.tool import load_tools
from coreline.releases.upload import Upload
from coreline.sources.artifact import ArtifactTree, find_artifact

DONE_NAME = "released.json"
_CREDENTIALS = ("UV_PUBLISH_", "TWINE_", "NPM_", "NODE_AUTH_", "GEM_HOST_", "CORELINE_RELEASE_")
_PREFIXES: Mapping[Side, str] = {"core": "CORELINE_CORE_", "wrap": "CORELINE_WRAP_"}


def judged(builds: Iterable[Built], folder: Path, repository: Repository) -> list[Refusal]:
    """Return what speaks against uploads, by the files and by the line of their commit."""
    found: list[Refusal] = []
    by_name = {one.name: one for one in declared(repository.manifest)}
    for built in builds:
        plan = by_name.get(built.name)
        if plan is None or plan.registry is None:
            said = f"The manifest of the commit names no registry for builds.{built.name}."
            found.append(Refusal("release-registry-missing", said))
        elif (plan.side, plan.wrap, plan.tool, plan.registry) != (
            *(built.side, built.wrap, built.tool),
            built.registry,
        ):
            said = f"The record says other things of builds.{built.name} than its manifest."
            found.append(Refusal("release-record-changed", said))
        for one in built.artifacts:
            found += _artifact(built, one, folder, repository)
    targets = [Target(one.name, one.side, one.registry) for one in by_name.values() if one.registry]
    # Every build of the manifest: the other side's registry is wrong even when it rests.
    return found + refusals(targets)


def _artifact(
    built: Built, artifact: Artifact, folder: Path, repository: Repository
) -> list[Refusal]:
    file = folder / artifact.path
    if not file.resolve().is_relative_to(folder.resolve()) or not file.is_file():
        return [Refusal("release-file-missing", f"{artifact.path} is not in the folder.")]
    data = file.read_bytes()
    if (len(data), hashlib.sha256(data).hexdigest()) != (artifact.size, artifact.sha256):
        said = f"{artifact.path} is not the file that was built and checked."
        return [Refusal("release-file-changed", said)]
    tree = find_artifact(file, artifact.path)
    packages = set() if tree is None else _packages(tree)
    wraps = {repository.wrap_of_package(one) for one in packages}
    other = wraps - {built.wrap, None} if built.side == "wrap" else wraps - {None}
    if other:
        said = f"{artifact.path} is a package of {', '.join(sorted(map(str, other)))}."
        return [Refusal("release-other-side", said)]
    if built.side == "core" and tree is not None:
        report = report_artifacts([tree], repository)
        if not report.kept:
            said = f"{artifact.path} breaks the line: {report.findings[0].message}"
            return [Refusal("release-other-side", said)]
    return []


def _packages(tree: ArtifactTree) -> set[str]:
    names: set[str] = set()
    for tool in load_tools():
        for content in tree.read([one for one in tree.entries() if tool.is_metadata(one.path)]):
            said = tool.identify(content.entry.path, content.data or b"").package
            names |= {said} if said else set()
    return names


def probed(builds: Iterable[Built], uploads: Mapping[str, Upload]) -> list[Refusal]:
    """Return what speaks against uploads, by what registries show without a credential."""
    return [refusal for one in builds for refusal in seen(one.side, _pages(one, uploads))]


def _pages(built: Built, uploads: Mapping[str, Upload]) -> list[str]:
    return uploads[built.tool].pages(built.registry or "", built.package or built.name)


def refuse(found: Sequence[Refusal]) -> None:
    """Stop where anything speaks against an upload.

    Raises:
        InputError: something does (``release-refused``).
    """
    if found:
        said = " ".join(f"[{one.code}] {one.sentence}" for one in dict.fromkeys(found))
        raise InputError(
            "release-refused",
            f"Nothing is uploaded. {said}",
            "Each side has a registry of its own; a wrap's must refuse readers without a license.",
        )


def environment(env: Mapping[str, str], side: Side, *, both: bool) -> dict[str, str]:
    """Return what a tool sees: its own side's credentials, never the other side's.

    ``CORELINE_CORE_X`` and ``CORELINE_WRAP_X`` are ``X`` for their side. Where both sides are
    released, a credential without a side is nobody's, since it would go to both registries.
    """
    kept = {
        name: value
        for name, value in env.items()
        if not name.startswith(tuple(_PREFIXES.values()))
        and not (both and name.startswith(_CREDENTIALS))
    }
    prefix = _PREFIXES[side]
    own = {name.removeprefix(prefix): v for name, v in env.items() if name.startswith(prefix)}
    return kept | own


def done(folder: Path) -> dict[str, str]:
    """Return which files went where, as earlier runs recorded it: ``SHA256 ADDRESS`` to path.

    Raises:
        InputError: the record is none (``release-done-invalid``).
    """
    try:
        return msgspec.json.decode((folder / DONE_NAME).read_bytes(), type=dict[str, str])
    except FileNotFoundError:
        return {}
    except msgspec.DecodeError as error:
        raise InputError(
            "release-done-invalid",
            f"{folder / DONE_NAME} does not say what was uploaded: {error}.",
            "Remove it to upload everything again, if the registries allow that.",
        ) from error


def key(artifact: Artifact, built: Built) -> str:
    """Return what a file in a registry is recorded by."""
    return f"{artifact.sha256} {built.registry}"


def send(
    built: Built, folder: Path, uploads: Mapping[str, Upload], env: Mapping[str, str]
) -> list[str]:
    """Upload what is not uploaded yet, and return its paths; each is recorded at once.

    Raises:
        OutsideError: an upload failed, or everybody may read it (``release-wrap-is-public``).
    """
    before, sent = done(folder), []
    for one in built.artifacts:
        if key(one, built) in before:
            continue
        uploads[built.tool].send((folder / one.path).resolve(), built.registry or "", env)
        before[key(one, built)] = one.path
        (folder / DONE_NAME).write_bytes(msgspec.json.format(msgspec.json.encode(before)) + b"\n")
        sent.append(one.path)
        wrong = seen("wrap", _pages(built, uploads)) if built.side == "wrap" else []
        if wrong:
            raise OutsideError(
                "release-wrap-is-public",
                f"{one.path} was uploaded, and now everybody may read it: {wrong[0].sentence}",
                "Take it off that registry at once.",
            )
    return sent
