# SPDX-License-Identifier: Apache-2.0
"""Package metadata is read as data; what cannot be read says nothing."""

import pytest

from coreline.proposal.metadata import Package, packages, workspaces
from coreline.proposal.modules import side_packages, wrap_modules
from coreline.proposal.survey import survey_of


def one(path: str, text: str) -> Package:
    found = packages(survey_of({path: text}))
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("path", "text", "name", "license_"),
    [
        ("pyproject.toml", '[project]\nname = "a"\nlicense = "MIT"\n', "a", "MIT"),
        ("pyproject.toml", '[project]\nname = "a"\nlicense = {text = "ISC"}\n', "a", "ISC"),
        (
            "pyproject.toml",
            '[project]\nname = "a"\nlicense = {file = "L"}\n',
            "a",
            "SEE LICENSE IN L",
        ),
        ("pyproject.toml", '[tool.poetry]\nname = "a"\nlicense = "MIT"\n', "a", "MIT"),
        (
            "pyproject.toml",
            '[project]\nname = "a"\nclassifiers = ["License :: Other/Proprietary License"]\n',
            "a",
            "Proprietary",
        ),
        ("setup.cfg", "[metadata]\nname = a\nlicense = MIT\n", "a", "MIT"),
        ("setup.py", "setup(\n  name='a',\n  license=\"MIT\",\n)\n", "a", "MIT"),
        (
            "setup.py",
            "setup(name='a', classifiers=['License :: Other/Proprietary License'])",
            "a",
            "Proprietary",
        ),
        ("package.json", '{"name": "@x/a", "license": "UNLICENSED"}', "@x/a", "UNLICENSED"),
        ("package.json", '{"name": "a", "license": {"type": "MIT"}}', "a", "MIT"),
        ("Cargo.toml", '[package]\nname = "a"\nlicense = "MIT"\n', "a", "MIT"),
        (
            "Cargo.toml",
            '[package]\nname = "a"\nlicense-file = "EE"\n',
            "a",
            "SEE LICENSE IN EE",
        ),
        ("Cargo.toml", "[package]\nlicense.workspace = true\n", "", ""),
        ("go.mod", "// A comment.\nmodule example.com/a/v2\n\ngo 1.22\n", "example.com/a/v2", ""),
        ("a.gemspec", 's.name = "a"\ns.licenses = ["MIT"]\n', "a", "MIT"),
    ],
)
def test_names_and_licenses(path: str, text: str, name: str, license_: str) -> None:
    package = one(path, text)
    assert (package.name, package.license) == (name, license_)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("pyproject.toml", "not = = toml"),
        ("package.json", "[]"),
        ("package.json", "{"),
        ("setup.cfg", "no section\n"),
        ("go.mod", "go 1.22\n"),
        ("{{ name }}/package.json", "{}"),
        ("vendor/x/package.json", "{}"),
    ],
)
def test_what_says_nothing(path: str, text: str) -> None:
    assert packages(survey_of({path: text, "a": ""})) == ()


def test_workspaces_hold_packages_side_by_side() -> None:
    files = {f"packages/{name}/package.json": "{}" for name in "ab"}
    assert workspaces(survey_of(files)) == {"packages/"}
    assert workspaces(survey_of({"packages/a/package.json": "{}"})) == set()
    assert workspaces(survey_of({f"a/{name}/pytest.ini": "" for name in "ab"})) == set()


def modules(files: dict[str, str], folder: str) -> list[str]:
    owners = {path: "wrap" if path.startswith(folder) else None for path in files}
    return [*wrap_modules(survey_of(files), owners, {folder: "wrap"}).get("wrap", {})]


@pytest.mark.parametrize(
    ("files", "folder", "expected"),
    [
        ({"ee/__init__.py": ""}, "ee/", ["ee"]),
        ({"ee/a.py": "", "main.py": "import ee.a\n"}, "ee/", ["ee"]),
        ({"ee/a.py": "", "main.py": "import other\n"}, "ee/", []),
        ({"src/x/__init__.py": "", "src/x/ee/__init__.py": ""}, "src/x/ee/", ["x.ee"]),
        ({"src/x/ee/a.py": "from x.ee import b\n"}, "src/x/ee/", ["x.ee"]),
        ({"p/src/x_p/__init__.py": "", "p/tests/__init__.py": ""}, "p/", ["x_p"]),
        ({"p/x_p/__init__.py": "", "p/x_p/y/__init__.py": "", "p/setup.py": ""}, "p/", ["x_p"]),
        ({"go.mod": "module m/x\n", "ee/a.go": "package ee\n"}, "ee/", ["m/x/ee"]),
        ({"ee/go.mod": "module m/ee\n", "ee/a.go": "package ee\n"}, "ee/", ["m/ee"]),
        ({"ee/package.json": '{"name": "@x/ee"}'}, "ee/", ["@x/ee"]),
        ({"ee/package.json": '{"name": "{{ x }}"}'}, "ee/", []),
        ({"ee/a.ts": ""}, "ee/", []),
    ],
)
def test_modules_of_a_wrap(files: dict[str, str], folder: str, expected: list[str]) -> None:
    assert modules(files, folder) == expected


def test_a_package_is_of_one_side() -> None:
    files = {
        "a/pyproject.toml": '[project]\nname = "Acme.Tool"\n',
        "ee/x/package.json": '{"name": "acme-tool"}',
        "ee/pyproject.toml": '[project]\nname = "acme-ee"\n',
        "web/package.json": '{"name": "acme-web", "private": true}',
        "api/package.json": '{"name": "api"}',
        "docs/setup.py": "setup(name='acme-docs')",
    }
    owners = {path: "enterprise" if path.startswith("ee/") else None for path in files}
    found = {owner: [*names] for owner, names in side_packages(survey_of(files), owners).items()}
    assert found == {None: ["Acme.Tool"], "enterprise": ["acme-ee"]}
