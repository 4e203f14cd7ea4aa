# SPDX-License-Identifier: Apache-2.0
"""MSBuild and NuGet in XML: projects, packages and files of a wrap that a build takes."""

from coreline.boundary.extension import Example, Language
from coreline.boundary.later import defining, extracting, resolving

_REFERENCE = r'<ProjectReference Include="..\ee\Fleet.csproj" />'
_PATH = "../ee/Fleet.csproj"

LANGUAGE = Language(
    name="msbuild",
    sentence="Projects, packages and files of a wrap that a build takes, and its conditions.",
    version=1,
    extract=extracting("coreline.boundary.dotnet.msbuild"),
    define=defining("coreline.boundary.dotnet.msbuild"),
    resolver=resolving("coreline.boundary.metadata.needs"),
    suffixes=frozenset(
        [".csproj", ".fsproj", ".vbproj", ".proj", ".props", ".targets", ".slnx", ".nuspec"]
    ),
    filenames=("packages.config",),
    always=True,
    examples=(
        Example(
            f"<Project><ItemGroup>{_REFERENCE}</ItemGroup></Project>",
            (("build", None, _PATH, ()),),
        ),
        Example(
            f"<Project><ItemGroup Condition=\"'$(OSS)' != 'true'\">{_REFERENCE}</ItemGroup>"
            "</Project>",
            (("build", "flag OSS", _PATH, ()),),
        ),
        Example(
            "<Project><ItemGroup Condition=\"'$(Configuration)' == 'Debug'\">"
            f"{_REFERENCE}</ItemGroup></Project>",
            (("build", None, _PATH, ()),),
        ),
        Example(
            f"<Project><Choose><When Condition=\"!$(DefineConstants.Contains('OSS'))\"><ItemGroup>"
            f"{_REFERENCE}</ItemGroup></When></Choose></Project>",
            (("build", "flag OSS", _PATH, ()),),
        ),
        Example(
            '<Project><ItemGroup><PackageReference Include="Acme.EE" /></ItemGroup></Project>',
            (("build", None, "Acme.EE", ()),),
        ),
        Example(
            '<packages><package id="Acme.EE" version="1" /></packages>',
            (("build", None, "Acme.EE", ()),),
        ),
        Example(
            '<Solution><Project Path="ee/Fleet.csproj" /></Solution>',
            (("build", None, "ee/Fleet.csproj", ()),),
        ),
        Example(f"<Project><!-- {_REFERENCE} --></Project>"),
    ),
)
