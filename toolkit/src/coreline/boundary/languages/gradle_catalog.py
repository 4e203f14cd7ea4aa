# SPDX-License-Identifier: Apache-2.0
"""Gradle's version catalogs: aliases for artifacts of a wrap."""

from coreline.boundary.extension import Example, Language
from coreline.boundary.later import extracting, resolving

LANGUAGE = Language(
    name="gradle-catalog",
    sentence="Aliases for artifacts of a wrap in a version catalog.",
    version=1,
    extract=extracting("coreline.boundary.jvm.projects", "extract_catalog"),
    resolver=resolving("coreline.boundary.jvm.projects"),
    filenames=("*.versions.toml",),
    always=True,
    examples=(Example('[libraries]\nx = "com.acme:x:1"\n'),),
)
