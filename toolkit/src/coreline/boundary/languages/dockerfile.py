# SPDX-License-Identifier: Apache-2.0
"""Dockerfiles: what an image of the core takes from a wrap."""

from coreline.boundary.builds.resolving import resolver
from coreline.boundary.extension import Example, Language, Source
from coreline.boundary.facts import FileFacts


def _extract(source: Source) -> FileFacts:
    # Parsers are imported only when a file names a wrap: most runs parse nothing.
    from coreline.boundary.builds.dockerfiles import extract

    return extract(source)


LANGUAGE = Language(
    name="dockerfile",
    sentence="What COPY, ADD, bind mounts and the commands of RUN take from a wrap.",
    version=2,
    extract=_extract,
    examples=(
        Example("FROM x\nCOPY ./ee /app/ee\n", (("build", None, "ee/", ()),)),
        Example("COPY --from=build /app/ee /app\n# ee/ is not here\nRUN ls /app/ee\n"),
        Example('ADD ["ee/a.txt", "/"]\n', (("build", None, "ee/a.txt", ()),)),
        Example("COPY ee .\n", (("build", None, "ee/", ()),)),
        Example("RUN --mount=type=bind,source=ee,target=/x make\n", (("build", None, "ee/", ()),)),
        Example("RUN true && \\\n  # why\n  pip install ./ee\n", (("build", None, "./ee", ()),)),
        Example("RUN <<EOF\nnpm -w ee run x\nEOF\n", (("build", None, "ee/", ()),)),
        Example("ARG D=ee/app\nCOPY ${D} /app\n", (("build", None, "ee/app", ()),)),
        Example(
            'RUN if [ -n "$EE" ]; then go build ./ee/...; fi\n',
            (("build", "flag EE", "./ee/...", ()),),
        ),
    ),
    filenames=("dockerfile", "dockerfile.*", "*.dockerfile", "containerfile", "containerfile.*"),
    always=True,
    resolver=resolver,
)
