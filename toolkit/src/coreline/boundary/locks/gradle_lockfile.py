# SPDX-License-Identifier: Apache-2.0
"""``gradle.lockfile`` of Gradle. It says no licenses."""

from collections.abc import Iterator

from coreline.boundary.extension import Lock, LockExample
from coreline.boundary.facts import Locked
from coreline.boundary.locking import rows


def _read(data: bytes) -> Iterator[Locked]:
    for number, row in enumerate(rows(data), 1):
        text = row.strip()
        if not text or text.startswith(("#", "empty=")):
            continue
        coordinates, _, configurations = text.partition("=")
        parts = coordinates.split(":")
        if len(parts) != 3:
            raise ValueError("no gradle.lockfile")
        names = [one for one in configurations.lower().split(",") if one]
        # Configurations of tests are testCompileClasspath, integrationTestRuntimeClasspath …
        is_dev = bool(names) and all("test" in one for one in names)
        yield Locked("maven", f"{parts[0]}:{parts[1]}", parts[2], number, is_dev=is_dev)


LOCK = Lock(
    name="gradle-lockfile",
    sentence="Gradle's lock. It says no licenses.",
    version=1,
    filenames=("gradle.lockfile", "buildscript-gradle.lockfile"),
    read=_read,
    examples=(
        LockExample(
            "# This is a Gradle generated file for dependency locking.\n"
            "org.a:b:1.0=compileClasspath,testCompileClasspath\n"
            "org.c:d:2.0=testRuntimeClasspath\nempty=annotationProcessor\n",
            (Locked("maven", "org.a:b", "1.0", 2), Locked("maven", "org.c:d", "2.0", 3, "", True)),
        ),
    ),
)
