# SPDX-License-Identifier: Apache-2.0
"""Lists of services in ``META-INF``: classes of a wrap that a loader makes objects of."""

from coreline.boundary.extension import Example, Language
from coreline.boundary.later import extracting, resolving

LANGUAGE = Language(
    name="services",
    sentence="Classes of a wrap that a list of services names, for ServiceLoader and Spring.",
    version=1,
    extract=extracting("coreline.boundary.jvm.text", "extract_services"),
    resolver=resolving("coreline.boundary.jvm.shared"),
    folders=("META-INF/services", "META-INF/spring"),
    examples=(
        Example("acme_ee.Fleet\n", (("dynamic", None, "acme_ee.Fleet", ()),)),
        Example("# acme_ee.Fleet\nacme.Fleet # acme_ee.Fleet\n"),
    ),
)
