# SPDX-License-Identifier: Apache-2.0
"""Dockerfiles and compose files: what images and services take from a wrap."""

from collections.abc import Callable

import pytest

Read = Callable[[str, str], list[tuple[int, str, str | None, bool]]]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("COPY ee/ .\n", [(1, "ee/", None, True)]),
        ("COPY --chown=a:b ./ee /app/ee\n", [(1, "ee/", None, True)]),
        (
            "COPY src ./ee/a \\\n  ./ee/b /app/\n",
            [(1, "ee/a", None, True), (2, "ee/b", None, True)],
        ),
        ("COPY <<EOF /x\nee/x\nEOF\nCOPY ee/y /y\n", [(4, "ee/y", None, True)]),
        ("COPY --from=x /src/ee /app\n", []),
        ("COPY src /app/ee/\n", []),
        ("ARG D=ee/x\nCOPY $D /x\n", [(1, "ee/x", None, True)]),
        ("ARG D=ee/x\nRUN pip install ${D}\n", [(1, "ee/x", None, True)]),
        ("ARG D=ee/x\n", [(1, "ee/x", None, False)]),
        (
            "RUN --mount=type=cache,target=/c --mount=type=bind,source=ee/x,target=/x pip i /x\n",
            [
                (1, "ee/x", None, True),
            ],
        ),
        ("RUN a && \\\n    # cp ee/n .\n    cp ee/x y\n", [(3, "ee/x", None, True)]),
        (
            "RUN <<EOF\ncd ee\nmake\nEOF\nRUN cd ee\n",
            [(2, "ee/", None, True), (5, "ee/", None, True)],
        ),
        ('RUN ["pip", "install", "./ee"]\n', [(1, "./ee", None, True)]),
        ("RUN if [ -d ee ]; then npm -w ee ci; fi\n", [(1, "ee/", "probe", True)]),
        ("RUN pip install ./ee || true\n", [(1, "./ee", "try", True)]),
        ("RUN rm -rf ee /app/ee\n# COPY ee .\n", []),
        ("ONBUILD COPY ee/x /x\n", [(1, "ee/x", None, True)]),
        ("ENV PYTHONPATH=/app:/app/ee/src\nWORKDIR /app/ee\n", []),
    ],
)
def test_instructions_of_an_image(
    read: Read, text: str, found: list[tuple[int, str, str | None, bool]]
) -> None:
    assert read("Dockerfile", f"FROM x\n{text}") == [(line + 1, *rest) for line, *rest in found]


COMPOSE = """\
include:
  - path: ee/compose.yml
services:
  web:
    image: acme/ee
    build:
      context: .
      dockerfile: ee/Dockerfile
      additional_contexts:
        extra: ./ee
    volumes:
      - ./ee/src:/app/ee
      - type: bind
        source: ee/x
        target: /ee/x
    env_file:
      - path: ee/.env
        required: false
    command: sh -c "cd ee && ./run"
  full:
    profiles: [full]
    build: ee
    extends:
      file: ee/base.yml
      service: x
"""


def test_services_of_a_compose_file(read: Read) -> None:
    assert read("deploy/docker-compose.dev.yml", COMPOSE) == [
        (2, "ee/compose.yml", None, True),
        (8, "ee/Dockerfile", None, True),
        (10, "./ee", None, True),
        (12, "./ee/src", None, False),
        (14, "ee/x", None, True),
        (17, "ee/.env", "try", True),
        (19, "ee/", None, True),
        (22, "ee/", "flag profile full", True),
        (24, "ee/base.yml", "flag profile full", True),
    ]
