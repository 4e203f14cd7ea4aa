# SPDX-License-Identifier: Apache-2.0
"""XML that no other language here reads: classes that Spring, servlets and others are to load."""

from coreline.boundary.extension import Example, Language
from coreline.boundary.later import extracting, resolving

LANGUAGE = Language(
    name="xml",
    sentence="Classes and paths of a wrap that an XML file names outside its comments.",
    version=1,
    extract=extracting("coreline.boundary.jvm.text", "extract_xml"),
    resolver=resolving("coreline.boundary.jvm.shared"),
    suffixes=frozenset([".xml"]),
    examples=(
        Example('<bean class="acme_ee.Fleet"/>', (("dynamic", None, "acme_ee.Fleet", ()),)),
        Example(
            "<servlet-class>acme_ee.Fleet</servlet-class>",
            (("dynamic", None, "acme_ee.Fleet", ()),),
        ),
        Example('<logger name="acme_ee.Fleet"/>', (("string", None, "acme_ee.Fleet", ()),)),
        Example('<!-- <bean class="acme_ee.Fleet"/> --><p>ee</p>'),
    ),
)
