# SPDX-License-Identifier: Apache-2.0
"""``pom.xml``: modules and artifacts of a wrap, and the profiles that ask for them."""

from coreline.boundary.extension import Example, Language
from coreline.boundary.later import defining, extracting, resolving

_DEPENDENCY = "<groupId>com.acme</groupId><artifactId>acme-ee</artifactId>"
_NEEDED = f"<dependencies><dependency>{_DEPENDENCY}</dependency></dependencies>"

LANGUAGE = Language(
    name="maven",
    sentence="Modules and artifacts of a wrap, the profiles that ask for them, and the licenses.",
    version=1,
    extract=extracting("coreline.boundary.jvm.maven"),
    define=defining("coreline.boundary.jvm.maven"),
    resolver=resolving("coreline.boundary.metadata.needs"),
    suffixes=frozenset([".pom"]),
    filenames=("pom.xml",),
    always=True,
    examples=(
        Example(f"<project>{_NEEDED}</project>", (("build", None, "acme-ee", ()),)),
        Example(
            "<project><modules><module>ee</module></modules></project>",
            (("build", None, "ee/", ()),),
        ),
        Example(
            "<project><profiles><profile><id>ee</id><modules><module>ee</module></modules>"
            "</profile></profiles></project>",
            (("build", "flag profile ee", "ee/", ()),),
        ),
        Example(
            "<project><profiles><profile><id>ee</id>\n"
            "<activation><activeByDefault>true</activeByDefault></activation>\n"
            f"{_NEEDED}\n</profile></profiles></project>",
            (("build", None, "acme-ee", ()),),
        ),
        Example(
            f"<project><dependencies><dependency>{_DEPENDENCY}<scope>test</scope></dependency>"
            "</dependencies></project>",
            (("test", None, "acme-ee", ()),),
        ),
        Example(f"<project><!-- {_NEEDED} --></project>"),
    ),
)
