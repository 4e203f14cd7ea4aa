# SPDX-License-Identifier: Apache-2.0
"""Solutions of Visual Studio: the projects of a wrap that they list."""

from coreline.boundary.extension import Example, Language
from coreline.boundary.later import extracting, resolving

LANGUAGE = Language(
    name="solution",
    sentence="Projects of a wrap that a solution of the core lists.",
    version=1,
    extract=extracting("coreline.boundary.dotnet.msbuild", "extract_solution"),
    resolver=resolving("coreline.boundary.metadata.needs"),
    suffixes=frozenset([".sln"]),
    always=True,
    examples=(
        Example(
            'Project("{FAE0}") = "Fleet", "ee\\Fleet\\Fleet.csproj", "{A1}"\nEndProject',
            (("build", None, "ee/Fleet/Fleet.csproj", ()),),
        ),
        Example('Project("{2150}") = "ee", "ee", "{A1}"\nEndProject'),
    ),
)
