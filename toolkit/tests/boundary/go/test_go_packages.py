# SPDX-License-Identifier: Apache-2.0
"""What an import path means in a tree: as ``go list`` would find it, and nothing else."""

from collections.abc import Callable, Mapping

import pytest

from coreline.boundary.model import Finding, Report

Checked = Callable[..., Report]

MOD = "module example.com/acme\n\ngo 1.24\n"
WRAP = {"enterprise/fleet/fleet.go": "package fleet\n"}


def _manifest(paths: str, more: str = "") -> str:
    return f"""
[product]
name = "acme"
primary = "Keep notes"
[core]
promise = "loose"
spdx = "Apache-2.0"
paths = ["**"]
[wraps.ee]
spdx = "LicenseRef-Acme"
paths = {paths}
{more}"""


def found(report: Report) -> list[Finding]:
    return [one for one in report.findings if one.check == "references"]


def importing(name: str) -> str:
    return f'package app\n\nimport "{name}"\n'


def kinds(report: Report) -> list[tuple[str, int, str, str | None, str | None]]:
    return [(one.path, one.line, one.kind, one.guard, one.grade) for one in found(report)]


def test_a_package_of_the_wrap(checked: Checked) -> None:
    report = checked(
        {"go.mod": MOD, "app/a.go": importing("example.com/acme/enterprise/fleet"), **WRAP}
    )
    assert kinds(report) == [("app/a.go", 3, "static", None, "broken")]
    assert found(report)[0].names == ("example.com/acme/enterprise/fleet",)


def test_a_guarded_one_and_a_test(checked: Checked) -> None:
    code = importing("example.com/acme/enterprise/fleet")
    report = checked(
        {
            "go.mod": MOD,
            "app/a_ee.go": f"//go:build ee\n\n{code}",
            "app/a_test.go": code,
            "app/a_ce.go": "//go:build !ee\n\npackage app\n",
            **WRAP,
        }
    )
    assert kinds(report) == [
        ("app/a_ee.go", 5, "static", "build tag ee", "tight"),
        ("app/a_test.go", 3, "test", None, "broken"),
    ]


@pytest.mark.parametrize(
    "name",
    [
        # Another module, whose path ends alike.
        "example.com/other/enterprise/fleet",
        "github.com/someone/enterprise/fleet",
        "example.com/acme2/enterprise/fleet",
        # A folder of the core, in the module's own path.
        "example.com/acme/app/enterprise",
        "enterprise/fleet",
    ],
)
def test_what_only_looks_alike(checked: Checked, name: str) -> None:
    files = {"go.mod": MOD, "app/a.go": importing(name), "app/enterprise/e.go": "package e\n"}
    assert kinds(checked({**files, **WRAP})) == []


def test_common_names_make_no_false_findings(checked: Checked) -> None:
    manifest = _manifest('["plus/server/**", "plus/storage/**"]')
    files = {
        "go.mod": MOD,
        "plus/server/s.go": "package server\n",
        "plus/storage/s.go": "package storage\n",
        "server/s.go": "package server\n",
        "storage/s.go": "package storage\n",
        "app/a.go": (
            'package app\n\nimport (\n\t"example.com/acme/server"\n\t"example.com/acme/storage"\n'
            '\t"cloud.google.com/go/storage"\n)\n\nvar a = "server/storage"\nvar b = "/server"\n'
        ),
    }
    assert kinds(checked(files, manifest)) == []
    files["app/b.go"] = importing("example.com/acme/plus/server")
    assert kinds(checked(files, manifest)) == [("app/b.go", 3, "static", None, "broken")]


def test_nested_modules_and_replacements(checked: Checked) -> None:
    files = {
        "go.mod": MOD
        + "require example.net/plus v1.0.0\nreplace example.net/plus => ./enterprise/go\n",
        "enterprise/go/go.mod": "module example.net/plus\n",
        "enterprise/go/fleet/f.go": "package fleet\n",
        "app/a.go": importing("example.net/plus/fleet"),
    }
    assert kinds(checked(files)) == [
        ("app/a.go", 3, "static", None, "broken"),
        ("go.mod", 4, "build", None, "broken"),
        ("go.mod", 5, "build", None, "broken"),
    ]


def test_a_replacement_leads_into_the_wrap_by_another_name(checked: Checked) -> None:
    files = {
        "go.mod": MOD + "replace example.net/enterprise/hooks => ./enterprise/hooks\n",
        "enterprise/hooks/h.go": "package hooks\n",
        "app/a.go": importing("example.net/enterprise/hooks/sub"),
    }
    assert ("app/a.go", 3, "static", None, "broken") in kinds(checked(files))


def test_a_replacement_leads_out_of_the_wrap(checked: Checked) -> None:
    files = {
        "go.mod": MOD + "replace example.com/acme/enterprise/fleet => ./stub\n",
        "stub/s.go": "package fleet\n",
        "app/a.go": importing("example.com/acme/enterprise/fleet"),
        **WRAP,
    }
    assert [one for one in kinds(checked(files)) if one[0].endswith(".go")] == []


def test_a_vendored_package_is_the_one_that_is_meant(checked: Checked) -> None:
    name = "example.net/enterprise/fleet"
    files = {"go.mod": MOD, f"vendor/{name}/f.go": "package fleet\n", "app/a.go": importing(name)}
    assert kinds(checked({**files, **WRAP})) == []
    manifest = _manifest('["vendor/example.net/enterprise/**"]')
    files["vendor/example.org/x/x.go"] = "package x\n"
    assert kinds(checked(files, manifest)) == [("app/a.go", 3, "static", None, "broken")]


def test_a_workspace_uses_the_wrap(checked: Checked) -> None:
    files = {
        "go.work": "go 1.24\n\nuse (\n\t./core\n\t./enterprise\n)\n",
        "core/go.mod": MOD,
        "enterprise/go.mod": "module example.com/plus\n",
        "enterprise/p.go": "package plus\n",
        "core/a.go": importing("example.com/plus"),
    }
    assert kinds(checked(files)) == [
        ("core/a.go", 3, "static", None, "broken"),
        ("go.work", 5, "build", None, "broken"),
    ]


@pytest.mark.parametrize("key", ["modules", "packages"])
def test_a_wrap_in_another_repository(checked: Checked, key: str) -> None:
    manifest = _manifest('["ee/**"]', f'{key} = ["github.com/acme/plus-go"]\n')
    files = {
        "go.mod": MOD + "require (\n\tgithub.com/acme/plus-go v1.2.3 // indirect\n)\n",
        "app/a.go": importing("github.com/acme/plus-go/fleet"),
        "app/b.go": importing("github.com/acme/plus-gopher/fleet"),
    }
    assert kinds(checked(files, manifest)) == [
        ("app/a.go", 3, "static", None, "broken"),
        ("go.mod", 5, "build", None, "broken"),
    ]


def test_a_package_with_files_of_both_sides_is_the_cores(checked: Checked) -> None:
    manifest = _manifest('["**/*_ee.go"]')
    files = {
        "go.mod": MOD,
        "work/work.go": "package work\n",
        "work/work_ee.go": "package work\n",
        "app/a.go": importing("example.com/acme/work"),
    }
    assert kinds(checked(files, manifest)) == []


def test_generated_code_in_the_wraps_folder(checked: Checked) -> None:
    name = "example.com/acme/enterprise/fleet/gen/pb"
    assert kinds(checked({"go.mod": MOD, "app/a.go": importing(name), **WRAP})) == [
        ("app/a.go", 3, "static", None, "broken")
    ]


def test_before_there_were_modules(checked: Checked) -> None:
    name = "github.com/acme/acme/enterprise/fleet"
    assert kinds(checked({"app/a.go": importing(name), **WRAP})) == [
        ("app/a.go", 3, "static", None, "broken")
    ]


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("example.com/acme/enterprise/fleet", True),
        ("example.com/acme/enterprise/fleet.Key", True),
        ("enterprise/fleet/fleet.go", True),
        ("../enterprise/fleet", True),
        ("--key=../enterprise/fleet", True),
        ("enterprise/*.tmpl", True),
        ("/enterprise/fleet", False),
        ("https://example.com/acme/enterprise/fleet", False),
        ("enterprise", False),
        ("enterprise/nothing", False),
    ],
)
def test_strings(checked: Checked, text: str, is_found: bool) -> None:
    files: Mapping[str, str] = {"go.mod": MOD, "app/a.go": f'package a\nvar s = "{text}"\n', **WRAP}
    expected = [("app/a.go", 2, "string", None, "tight")] if is_found else []
    assert kinds(checked(files)) == expected


def test_an_embedded_file_of_the_wrap(checked: Checked) -> None:
    code = 'package a\n\nimport _ "embed"\n\n//go:embed enterprise/page.html\nvar p string\n'
    files = {"go.mod": MOD, "a.go": code, "enterprise/page.html": ""}
    assert kinds(checked(files)) == [("a.go", 5, "build", None, "broken")]


def test_directives_of_a_module(checked: Checked) -> None:
    name = "example.com/acme/enterprise/fleet"
    lines = f"exclude {name} v1.0.0\ntool {name}/cmd\nretract v1.0.0\n// require {name} v1\n"
    assert kinds(checked({"go.mod": MOD + lines, **WRAP})) == [
        ("go.mod", 4, "build", None, "tight"),
        ("go.mod", 5, "build", None, "tight"),
    ]
