# SPDX-License-Identifier: Apache-2.0
"""Lists of services in ``META-INF``: classes of a wrap that a loader makes objects of."""

from coreline.boundary.extension import Example, Language
from coreline.boundary.jvm.shared import resolver
from coreline.boundary.jvm.text import extract_services

LANGUAGE = Language(
    name="services",
    sentence="Classes of a wrap that a list of services names, for ServiceLoader and Spring.",
    version=1,
    extract=extract_services,
    resolver=resolver,
    folders=("META-INF/services", "META-INF/spring"),
    examples=(
        Example("acme_ee.Fleet\n", (("dynamic", None, "acme_ee.Fleet", ()),)),
        Example("# acme_ee.Fleet\nacme.Fleet # acme_ee.Fleet\n"),
    ),
)
