# SPDX-License-Identifier: Apache-2.0
"""Compose files: what a service is built from, mounts and includes of a wrap.

A volume in its short form (``./ee:/app``) is a mention: compose makes a folder that does not exist.
"""

from coreline.boundary.builds import yaml_files
from coreline.boundary.builds.tools import listed
from coreline.boundary.builds.yaml import Place
from coreline.boundary.builds.yaml_files import Hit, YamlFile
from coreline.boundary.extension import Source
from coreline.boundary.facts import FileFacts

_NEEDED = listed(
    "build context dockerfile additional_contexts env_file include path file "
    "project_directory source dockerfile_inline"
)
_PROSE = frozenset(
    ["container_name", "image", "name", "hostname", "aliases", "tags", "target", "working_dir"]
)


def extract(source: Source) -> FileFacts:
    """Return the facts of a compose file."""
    return yaml_files.read(source, _handle)


def _handle(file: YamlFile, place: Place, hit: Hit) -> None:
    named = [key for key in place.keys if key != "-"]
    last = named[-1] if named else ""
    guard = _guard(file, place)
    if place.scalar is None or last in _PROSE or "labels" in named:
        return
    if last == "volumes":
        if _is_host(file, place, hit):
            file.commands.take_word(hit, guard, needed=False, edges=":")
    elif not place.is_key and (last in _NEEDED or "additional_contexts" in named):
        file.commands.take_word(hit, guard)
    elif last in ("command", "entrypoint", "test"):
        file.shell(place.scalar, guard)
    else:
        file.commands.mention(hit, guard)


def _is_host(file: YamlFile, place: Place, hit: Hit) -> bool:
    """Whether a hit stands on the host's side of a volume."""
    start = place.scalar.start_byte if place.scalar is not None else hit[0]
    before = file.data[start : hit[0]].lstrip(b"\"'")
    # ${X:-./ee} has a colon as well.
    return b":" not in before.replace(b":-", b"--")


def _guard(file: YamlFile, place: Place) -> str | None:
    for mapping in reversed(place.mappings):
        profiles = file.yaml.texts(file.yaml.value(mapping, "profiles"))
        if profiles:
            return f"flag profile {profiles[0]}"
        if "false" in file.yaml.texts(file.yaml.value(mapping, "required")):
            return "try"
    return None
