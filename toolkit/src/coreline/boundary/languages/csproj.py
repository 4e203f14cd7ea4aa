# SPDX-License-Identifier: Apache-2.0
"""MSBuild and NuGet in XML: projects, packages and files of a wrap that a build takes."""

from coreline.boundary.dotnet.msbuild import define, extract
from coreline.boundary.extension import Example, Language
from coreline.boundary.metadata.needs import resolver

_REFERENCE = r'<ProjectReference Include="..\ee\Fleet.csproj" />'
_PATH = "../ee/Fleet.csproj"

LANGUAGE = Language(
    name="msbuild",
    sentence="Projects, packages and files of a wrap that a build takes, and its conditions.",
    version=1,
    extract=extract,
    define=define,
    resolver=resolver,
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
