# SPDX-License-Identifier: Apache-2.0
"""A solution of .NET: projects, usings under ``#if``, and types that are looked up by name."""

from collections.abc import Callable

import pytest

from coreline.boundary.model import Report

Checked = Callable[..., Report]

SOLUTION = (
    "Microsoft Visual Studio Solution File, Format Version 12.00\r\n"
    'Project("{9A}") = "Core", "src\\Core\\Core.csproj", "{1}"\r\nEndProject\r\n'
    'Project("{9A}") = "Fleet", "enterprise\\Fleet\\Fleet.csproj", "{2}"\r\nEndProject\r\n'
)
PROJECT = """\
<Project Sdk="Microsoft.NET.Sdk.Web">
  <PropertyGroup>
    <PackageLicenseExpression>Apache-2.0</PackageLicenseExpression>
  </PropertyGroup>
  <ItemGroup>
    <ProjectReference Include="..\\Core\\Core.csproj" />
    <ProjectReference Include="..\\..\\enterprise\\Fleet\\Fleet.csproj" Condition="!$(Oss)" />
    <PackageReference Include="Acme.Fleet" Version="1.0" />
    <Compile Include="..\\..\\enterprise\\Shared\\*.cs" />
  </ItemGroup>
</Project>
"""
APP = """\
#if !OSS
using Acme.Fleet;
#endif
using Acme.Fleet.Ships;
using Acme.Fleeting;
using Acme.Shared;

[assembly: InternalsVisibleTo("Acme.Fleet")]

namespace Acme.Web
{
    class App
    {
        object Made() => new Acme.Shared.Both();
        void Load()
        {
            try
            {
                Type.GetType("Acme.Fleet.Ship, Acme.Fleet");
            }
            catch (TypeLoadException)
            {
            }
            Assembly.Load("Acme.Fleet");
        }
    }
}
"""
FILES = {
    "Acme.sln": SOLUTION,
    "src/Web/Web.csproj": PROJECT,
    "src/Web/App.cs": APP,
    "src/Core/Core.csproj": "<Project />",
    "src/Core/Own.cs": "namespace Acme.Shared;\nclass Own { }\n",
    "src/Core/Fish.cs": "namespace Acme.Fleeting;\nclass Fish { }\n",
    "test/Web.Tests/AppTests.cs": "using Acme.Fleet;\n",
    "enterprise/Fleet/Fleet.csproj": "<Project><PackageId>Acme.Fleet</PackageId></Project>",
    "enterprise/Fleet/Ship.cs": "namespace Acme.Fleet;\nclass Ship { }\n",
    "enterprise/Fleet/Ships/A.cs": "namespace Acme.Fleet.Ships { class A { } }\n",
    "enterprise/Shared/Both.cs": "namespace Acme.Shared;\nclass Both { }\n",
}


def rows(report: Report) -> list[tuple[str, int, str, str | None, str | None]]:
    found = (one for one in report.findings if one.check == "references")
    return [(one.path, one.line, one.kind, one.guard, one.grade) for one in found]


def test_a_solution_is_told_by_its_projects_and_namespaces(checked: Checked) -> None:
    assert sorted(rows(checked(FILES)), key=repr) == sorted(
        [
            ("Acme.sln", 4, "build", None, "broken"),
            ("src/Web/Web.csproj", 7, "build", "flag Oss", "tight"),
            ("src/Web/Web.csproj", 8, "build", None, "broken"),
            ("src/Web/Web.csproj", 9, "build", None, "tight"),
            ("src/Web/App.cs", 2, "static", "flag OSS", "tight"),
            ("src/Web/App.cs", 4, "static", None, "broken"),
            ("src/Web/App.cs", 8, "string", None, "tight"),
            ("src/Web/App.cs", 14, "static", None, "broken"),
            ("src/Web/App.cs", 19, "dynamic", "try", "tight"),
            ("src/Web/App.cs", 24, "dynamic", None, "broken"),
            ("test/Web.Tests/AppTests.cs", 1, "test", None, "broken"),
        ],
        key=repr,
    )


@pytest.mark.parametrize("name", ["Acme.slnx", "Directory.Build.props", "x.targets", "y.fsproj"])
def test_every_file_of_msbuild_is_read(checked: Checked, name: str) -> None:
    text = '<Solution>\n<Project Path="enterprise/Fleet/Fleet.csproj" /></Solution>'
    files = {name: text, "enterprise/Fleet/Fleet.csproj": ""}
    assert rows(checked(files)) == [(name, 2, "build", None, "broken")]


@pytest.mark.parametrize("name", ["Page.cshtml", "Part.razor"])
def test_pages_use_namespaces_too(checked: Checked, name: str) -> None:
    ship = "enterprise/Fleet/Ship.cs"
    files = {f"src/{name}": "@using Acme.Fleet\n@using Acme.Fleeting\n", ship: FILES[ship]}
    assert rows(checked(files)) == [(f"src/{name}", 1, "static", None, "broken")]


def test_the_license_of_a_project_is_held_against_its_side(checked: Checked) -> None:
    files = {"enterprise/Fleet/Fleet.csproj": PROJECT, "src/Core/Core.csproj": PROJECT}
    found = [one for one in checked(files).findings if one.check == "spdx"]
    assert [(one.path, one.line) for one in found] == [("enterprise/Fleet/Fleet.csproj", 3)]


def test_what_is_in_comments_and_prose_is_no_finding(checked: Checked) -> None:
    code = (
        "// using Acme.Fleet;\n/* Acme.Fleet.Ship */\n"
        'class A { string a = "Acme.Fleet is sold."; int Fleet; }\n'
    )
    ship = "enterprise/Fleet/Ship.cs"
    assert rows(checked({"src/A.cs": code, ship: FILES[ship]})) == []
