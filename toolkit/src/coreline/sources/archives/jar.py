# SPDX-License-Identifier: Apache-2.0
"""Jars of Java, and web archives that hold others: zip files of classes (JAR specification)."""

import re
from collections.abc import Mapping

from coreline.sources.archive import Archive
from coreline.sources.unpack.packing import make_zip
from coreline.sources.unpack.zips import walk_zip

_CLASSES = re.compile(r"^(?:WEB-INF|BOOT-INF)/classes/")
_SOURCES = "src/main/java/"


def _example(files: Mapping[str, bytes]) -> bytes:
    placed = {
        path.removeprefix(_SOURCES) if "/" in path else f"META-INF/{path}": data
        for path, data in files.items()
    }
    pom = b"<project><licenses><license><name>Apache-2.0</name></license></licenses></project>\n"
    inner = {
        "META-INF/MANIFEST.MF": b"Manifest-Version: 1.0\n",
        "META-INF/maven/com.acme/acme/pom.xml": pom,
        "META-INF/maven/com.acme/acme/pom.properties": b"groupId=com.acme\nartifactId=acme\n",
    }
    return make_zip({**inner, **placed})


ARCHIVE = Archive(
    name="jar",
    sentence="Jars of Java and archives of them (.jar, .war, .ear), those inside included.",
    suffixes=(".jar", ".war", ".ear"),
    walk=walk_zip,
    example=_example,
    root=lambda path: _CLASSES.sub("", path),
)
