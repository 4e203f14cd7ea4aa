# SPDX-License-Identifier: Apache-2.0
"""What installed packages say of their license, in each place where package managers put them."""

import json
import os
from pathlib import Path

import pytest

from coreline.sources.cache import FactCache
from coreline.sources.installed.files import Wanted, read_file
from coreline.sources.installed.reading import read_installed
from coreline.sources.tree import DiskTree, MemoryTree


@pytest.fixture(autouse=True)
def no_caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Look into no cache of the machine that the tests run on."""
    monkeypatch.setenv("GOMODCACHE", str(tmp_path / "no-go"))
    monkeypatch.setenv("CARGO_HOME", str(tmp_path / "no-cargo"))
    monkeypatch.setenv("NUGET_PACKAGES", str(tmp_path / "no-nuget"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


def write(root: Path, **files: str) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def read(root: Path, lock: str, *wanted: Wanted) -> dict[str, str]:
    found = read_installed(DiskTree(root), {lock: wanted}, lambda text: text.partition("\n")[0])
    return {one.name: license_ for one, license_ in found.items()}


def package(license_: object) -> str:
    return json.dumps({"name": "x", "license": license_})


def test_npm(tmp_path: Path) -> None:
    modules = "web/node_modules"
    write(
        tmp_path,
        **{
            f"{modules}/pad/package.json": package("WTFPL"),
            f"{modules}/@s/old/package.json": package({"type": "MIT"}),
            f"{modules}/bad/package.json": "{" * 5000,
            f"{modules}/.pnpm/@s+kept@2.0.0_peer@1.0.0/node_modules/@s/kept/package.json": package(
                "ISC"
            ),
            f"{modules}/.pnpm/kept@1.0.0(peer@2)/node_modules/kept/package.json": package("0BSD"),
            "node_modules/above/package.json": json.dumps({"licenses": [{"type": "MIT"}, "ISC"]}),
        },
    )
    names = [("pad", "1"), ("@s/old", "1"), ("bad", "1"), ("above", "1"), ("none", "1")]
    names += [("@s/kept", "2.0.0"), ("kept", "1.0.0")]
    wanted = [Wanted("npm", name, version) for name, version in names]
    assert read(tmp_path, "web/package-lock.json", *wanted) == {
        "pad": "WTFPL",
        "@s/old": "MIT",
        "@s/kept": "ISC",
        "kept": "0BSD",
        "above": "MIT OR ISC",
    }


@pytest.mark.parametrize(
    ("fields", "license_"),
    [
        ("License-Expression: MIT OR Apache-2.0\nLicense: other\n", "MIT OR Apache-2.0"),
        ("License: BSD\nClassifier: License :: OSI Approved :: MIT License\n", "BSD"),
        (
            "License: UNKNOWN\nClassifier: License :: OSI Approved :: MIT License\n",
            "License :: OSI Approved :: MIT License",
        ),
        (
            (
                "Classifier: License :: OSI Approved\n"
                "Classifier: License :: OSI Approved :: MIT License\n"
            ),
            "License :: OSI Approved :: MIT License",
        ),
        (
            (
                "Classifier: License :: OSI Approved :: MIT License\n"
                "Classifier: License :: OSI Approved :: BSD License\n"
            ),
            None,
        ),
        ("License: " + "a very long text " * 20 + "\n", None),
        ("\nLicense: MIT\n", None),
    ],
)
def test_python(tmp_path: Path, fields: str, license_: str | None) -> None:
    site = ".venv/lib/python3.11/site-packages"
    head = "Metadata-Version: 2.4\nName: Acme.Pad\n"
    write(tmp_path, **{f"{site}/acme_pad-1.0.dist-info/METADATA": head + fields})
    found = read(tmp_path, "backend/requirements.txt", Wanted("pypi", "acme-pad", "1.0"))
    assert found == ({} if license_ is None else {"acme-pad": license_})


def test_gems(tmp_path: Path) -> None:
    folder = "vendor/bundle/ruby/3.3.0/specifications"
    write(
        tmp_path,
        **{
            f"{folder}/rack-3.0.1.gemspec": '  s.licenses = ["MIT".freeze, "Ruby".freeze]\n',
            f"{folder}/ffi-1.17.0-x86_64-linux.gemspec": 's.license = "BSD-3-Clause"\n',
            f"{folder}/odd-1.0.gemspec": "s.licenses = []\n",
        },
    )
    wanted = [Wanted("gem", "rack", "3.0.1"), Wanted("gem", "ffi", "1.17.0")]
    assert read(tmp_path, "Gemfile.lock", *wanted, Wanted("gem", "odd", "1.0")) == {
        "rack": "MIT OR Ruby",
        "ffi": "BSD-3-Clause",
    }


def test_go_and_cargo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOMODCACHE", str(tmp_path / "mod"))
    monkeypatch.setenv("CARGO_HOME", str(tmp_path / "cargo"))
    write(
        tmp_path,
        **{
            "repo/vendor/example.com/a/LICENSE": "MIT\n",
            "mod/example.com/!big/b@v1.0.0/COPYING": "BSD\n",
            "repo/vendor/serde/Cargo.toml": '[package]\nlicense = "MIT OR Apache-2.0"\n',
            "cargo/registry/src/index-1/rand-0.9.0/Cargo.toml": '[package]\nlicense = "MIT"\n',
        },
    )
    go = [Wanted("go", "example.com/a", "v1"), Wanted("go", "example.com/Big/b", "v1.0.0")]
    crates = [Wanted("cargo", "serde", "1.0"), Wanted("cargo", "rand", "0.9.0")]
    missing = [Wanted("go", "example.com/no", "v1"), Wanted("cargo", "no", "1")]
    assert read(tmp_path / "repo", "go.sum", *go, *crates, *missing) == {
        "example.com/a": "MIT",
        "example.com/Big/b": "BSD",
        "serde": "MIT OR Apache-2.0",
        "rand": "MIT",
    }


def test_maven_and_nuget(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUGET_PACKAGES", str(tmp_path / "nuget"))
    one = "<project><licenses><license><name>Apache-2.0</name></license></licenses></project>"
    two = one.replace("</licenses>", "<license>\n<name> MIT </name></license></licenses>")
    write(
        tmp_path,
        **{
            "home/.m2/repository/org/a/b/1.0/b-1.0.pom": one,
            "home/.m2/repository/org/a/c/1.0/c-1.0.pom": two,
            "home/.m2/repository/org/a/d/1.0/d-1.0.pom": "<project/>",
            "nuget/acme.pad/1.0.0/acme.pad.nuspec": '<license type="expression">MIT</license>',
        },
    )
    wanted = [Wanted("maven", f"org.a:{name}", "1.0") for name in "bcd"]
    assert read(tmp_path, "gradle.lockfile", *wanted, Wanted("nuget", "Acme.Pad", "1.0.0")) == {
        "org.a:b": "Apache-2.0",
        "org.a:c": "Apache-2.0 OR MIT",
        "Acme.Pad": "MIT",
    }


def test_only_a_tree_on_disk_has_packages_beside_it() -> None:
    wanted = {"package-lock.json": [Wanted("npm", "pad", "1")]}
    assert read_installed(MemoryTree({}), wanted, str) == {}


def test_a_place_is_read_again_when_packages_came_or_went(tmp_path: Path) -> None:
    write(tmp_path, **{"node_modules/pad/package.json": package("MIT")})
    cache = FactCache(tmp_path / "cache")
    wanted = {"package-lock.json": [Wanted("npm", "pad", "1"), Wanted("npm", "new", "1")]}

    def again() -> dict[str, str]:
        found = read_installed(DiskTree(tmp_path), wanted, str, cache)
        return {one.name: license_ for one, license_ in found.items()}

    assert again() == {"pad": "MIT"}
    # The content of a package without a change of its place is taken from the cache.
    write(tmp_path, **{"node_modules/pad/package.json": package("GPL-3.0-only")})
    assert again() == {"pad": "MIT"}
    write(tmp_path, **{"node_modules/new/package.json": package("ISC")})
    os.utime(tmp_path / "node_modules", (1, 1))
    assert again() == {"pad": "GPL-3.0-only", "new": "ISC"}


def test_nothing_but_regular_files_is_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert read_file(str(tmp_path / "pipe")) is None
    assert read_file(str(tmp_path)) is None
    assert read_file(str(tmp_path / "missing")) is None
    assert read_file("a\0b") is None
    (tmp_path / "link").symlink_to(__file__)
    assert read_file(str(tmp_path / "link")) is None
