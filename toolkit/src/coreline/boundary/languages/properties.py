# SPDX-License-Identifier: Apache-2.0
"""Properties files of Java: classes of a wrap among the values."""

from coreline.boundary.extension import Example, Language
from coreline.boundary.later import extracting, resolving

LANGUAGE = Language(
    name="properties",
    sentence="Classes and paths of a wrap that a file of properties names.",
    version=1,
    extract=extracting("coreline.boundary.jvm.text", "extract_properties"),
    resolver=resolving("coreline.boundary.jvm.shared"),
    suffixes=frozenset([".properties"]),
    filenames=("spring.factories",),
    examples=(
        Example("plugin=acme_ee.Fleet", (("string", None, "acme_ee.Fleet", ()),)),
        Example("# plugin=acme_ee.Fleet\nedition=ee"),
    ),
)
