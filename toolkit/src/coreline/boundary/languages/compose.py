# SPDX-License-Identifier: Apache-2.0
"""Compose files: what a service is built from, mounts and includes of a wrap."""

from coreline.boundary.builds.resolving import resolver
from coreline.boundary.extension import Example, Language, Source
from coreline.boundary.facts import FileFacts


def _extract(source: Source) -> FileFacts:
    # Parsers are imported only when a file names a wrap: most runs parse nothing.
    from coreline.boundary.builds.composes import extract

    return extract(source)


_SERVICE = "services:\n  a:\n"

LANGUAGE = Language(
    name="compose",
    sentence="What the services of a compose file build, mount and include of a wrap.",
    version=1,
    extract=_extract,
    examples=(
        Example(f"{_SERVICE}    build: ./ee\n", (("build", None, "./ee", ()),)),
        Example(f"{_SERVICE}    build:\n      context: ee\n", (("build", None, "ee/", ()),)),
        Example(
            f"{_SERVICE}    volumes:\n      - $PWD/ee/x:/app/ee\n      - data:/ee/x\n",
            (("build", None, "ee/x", ()),),
        ),
        Example(
            f"{_SERVICE}    profiles: [full]\n    env_file: ee/.env\n",
            (("build", "flag profile full", "ee/.env", ()),),
        ),
        Example(
            f"{_SERVICE}    env_file:\n      - path: ee/.env\n        required: false\n",
            (("build", "try", "ee/.env", ()),),
        ),
        Example(f"{_SERVICE}    image: acme/ee\n    # ee/x\n"),
        Example("include:\n  - ee/compose.yml\n", (("build", None, "ee/compose.yml", ()),)),
    ),
    filenames=(
        *("compose.yml", "compose.yaml", "compose.*.yml", "compose.*.yaml", "compose-*.yml"),
        *("docker-compose.yml", "docker-compose.yaml", "docker-compose*.yml"),
        *("docker-compose*.yaml", "compose-*.yaml", "*.compose.yml"),
    ),
    always=True,
    resolver=resolver,
)
