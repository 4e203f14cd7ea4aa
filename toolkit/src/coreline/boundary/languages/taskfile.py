# SPDX-License-Identifier: Apache-2.0
"""Taskfiles: what the tasks that a build of the core needs take from a wrap."""

from coreline.boundary.builds.resolving import resolver
from coreline.boundary.extension import Example, Language, Source
from coreline.boundary.facts import FileFacts


def _extract(source: Source) -> FileFacts:
    # Parsers are imported only when a file names a wrap: most runs parse nothing.
    from coreline.boundary.builds.taskfiles import extract

    return extract(source)


LANGUAGE = Language(
    name="taskfile",
    sentence="What the tasks of a Taskfile take from a wrap, and which tasks need it.",
    version=1,
    extract=_extract,
    examples=(
        Example(
            "tasks:\n  build:\n    cmds:\n      - cp ee/x y\n  b:\n    cmds: [cp ee/z y]\n",
            (("build", None, "ee/x", ()), ("build", "target b", "ee/z", ())),
        ),
        Example(
            "includes:\n  ee:\n    taskfile: ./ee\n    optional: true\n",
            (("build", "try", "./ee", ()),),
        ),
    ),
    filenames=("taskfile.yml", "taskfile.yaml", "taskfile.dist.yml"),
    always=True,
    resolver=resolver,
)
