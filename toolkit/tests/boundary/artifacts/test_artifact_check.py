# SPDX-License-Identifier: Apache-2.0
"""Artifacts of every format, kept and broken: the wrap in them is found however it got in."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from coreline.boundary.artifacts.reporting import report_artifacts
from coreline.boundary.artifacts.repository import Repository
from coreline.boundary.model import Finding, Report
from coreline.manifest.parse import parse_manifest
from coreline.sources.archive import Archive
from coreline.sources.artifact import find_artifact, load_archives
from coreline.sources.tree import MemoryTree
from coreline.sources.unpack.packing import make_tar, make_tar_gz, make_zip

APACHE = (
    'Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file '
    "except in compliance with the License.\n"
)
BSD = """Redistribution and use in source and binary forms, with or without modification, are
permitted provided that the following conditions are met: Redistributions of source code must retain
the above copyright notice. Neither the name of the copyright holder nor the names of its
contributors may be used to endorse or promote products derived from this software without specific
prior permission.
"""
MANIFEST = """
[product]
name = "acme"
primary = "Keep notes"
[core]
spdx = "Apache-2.0"
paths = ["src/**", "tests/**", "LICENSE", "packages/**"]
packages = ["acme"]
[wraps.ee]
spdx = "LicenseRef-Acme"
paths = ["ee/**", "packages/*/src/auth/ee/**"]
modules = ["acme_ee"]
packages = ["acme-ee", "@acme/ee"]
"""
CORE = "".join(f"notes_{n} = keep(order, {n})\n" for n in range(40))
SECRET = "".join(f"seats_{n} = count(fleet, {n * n})\n" for n in range(40))
REPOSITORY = {
    "coreline.toml": MANIFEST,
    "LICENSE": APACHE,
    "src/acme/app.py": CORE,
    "src/acme/order.py": CORE.replace("notes", "orders"),
    "ee/acme_ee/fleet.py": SECRET,
    "ee/acme_ee/__init__.py": "",
    "ee/LICENSE": "Acme Enterprise License. All rights reserved. No copying without consent.\n",
}
ARCHIVES = load_archives()


def checked(
    folder: Path,
    name: str,
    data: bytes,
    repository: Mapping[str, str] = REPOSITORY,
) -> Report:
    (folder / name).write_bytes(data)
    artifact = find_artifact(folder / name, name)
    assert artifact is not None
    tree = MemoryTree({"coreline.toml": MANIFEST, **repository})
    return report_artifacts([artifact], Repository(tree, parse_manifest(MANIFEST)))


def of(archive: Archive, folder: Path, files: Mapping[str, str]) -> Report:
    data = {path: text.encode() for path, text in files.items()}
    return checked(folder, f"acme-1.0{archive.suffixes[0]}", archive.example(data))


def by_end(report: Report) -> dict[str, Finding]:
    return {one.path.rpartition("/")[2]: one for one in report.findings}


KEPT = {name: REPOSITORY[name] for name in ("src/acme/app.py", "src/acme/order.py", "LICENSE")}


@pytest.mark.parametrize("archive", ARCHIVES, ids=lambda one: one.name)
def test_an_artifact_of_the_core_alone_is_kept(archive: Archive, tmp_path: Path) -> None:
    report = of(archive, tmp_path, KEPT)
    assert report.findings == ()
    assert report.kept


@pytest.mark.parametrize("archive", ARCHIVES, ids=lambda one: one.name)
def test_a_file_of_the_wrap_is_found_by_its_content(archive: Archive, tmp_path: Path) -> None:
    (finding,) = of(archive, tmp_path, {**KEPT, "src/acme/other.py": SECRET}).findings
    assert finding.path.endswith("/other.py")
    assert finding.names == ("ee/acme_ee/fleet.py",)
    assert "byte for byte" in finding.message


@pytest.mark.parametrize("archive", ARCHIVES, ids=lambda one: one.name)
def test_a_file_of_the_wrap_is_found_by_near_identity(archive: Archive, tmp_path: Path) -> None:
    edited = "# Ours.\n" + SECRET.replace("seats_7 ", "seats_seven ")
    (finding,) = of(archive, tmp_path, {**KEPT, "src/acme/other.py": edited}).findings
    assert finding.path.endswith("/other.py")
    assert "98% of its lines (39) the same" in finding.message


@pytest.mark.parametrize("archive", ARCHIVES, ids=lambda one: one.name)
def test_a_file_that_needs_the_wrap_is_found(archive: Archive, tmp_path: Path) -> None:
    text = CORE + "import acme_ee.fleet\n"
    (finding,) = of(archive, tmp_path, {**KEPT, "src/acme/app.py": text}).findings
    assert (finding.check, finding.kind, finding.grade) == ("references", "static", "broken")
    assert finding.path.endswith("/app.py")
    assert finding.line == 41


@pytest.mark.parametrize(
    "archive", [one for one in ARCHIVES if one.has_license], ids=lambda o: o.name
)
def test_the_license_text_has_to_be_there_and_the_core_s(archive: Archive, tmp_path: Path) -> None:
    missing = of(archive, tmp_path, {"src/acme/app.py": CORE})
    assert [(one.kind, "no license text" in one.message) for one in missing.findings] == [
        ("license-text", True)
    ]
    wrong = of(archive, tmp_path, {**KEPT, "LICENSE": REPOSITORY["ee/LICENSE"]})
    assert [one.kind for one in wrong.findings] == ["license-text"]
    assert "not open" in wrong.findings[0].message


@pytest.mark.parametrize(
    ("files", "number"),
    [
        ({"LICENSE": APACHE, "LICENSE-BSD": BSD}, 0),
        ({"LICENSES/Apache-2.0.txt": APACHE}, 0),
        ({"LICENSE": BSD}, 1),
        ({"LICENSE": APACHE, "LICENSE.ee": REPOSITORY["ee/LICENSE"]}, 1),
        ({"LICENSE": APACHE, "vendor/x/LICENSE": BSD, "LICENSE-third-party.txt": BSD}, 0),
        ({"docs/LICENSE": APACHE}, 1),
    ],
)
def test_which_texts_are_the_package_s_own(
    tmp_path: Path, files: dict[str, str], number: int
) -> None:
    data = make_tar_gz({f"acme-1/{path}": text.encode() for path, text in files.items()})
    found = checked(tmp_path, "acme-1.tar.gz", data).findings
    assert [one.kind for one in found if one.kind == "license-text"] == ["license-text"] * number


def test_seventy_two_proprietary_paths_in_an_npm_package(tmp_path: Path) -> None:
    """A compiled package holds what a folder of the wrap was built to, under other names."""
    kinds = (".js", ".d.ts")
    files = {f"package/dist/auth/ee/m{n}{kind}": b"x" * 50 for n in range(36) for kind in kinds}
    package = b'{"name": "@acme/core", "version": "1.0.0", "license": "Apache-2.0"}'
    files |= {"package/package.json": package, "package/LICENSE": APACHE.encode()}
    files |= {"package/dist/index.js": b"export {}\n", "package/dist/auth/index.js": b"//\n" * 20}
    repository = {"packages/core/package.json": package.decode()}
    repository |= {f"packages/core/src/auth/ee/m{n}.ts": f"export {n}" for n in range(36)}
    repository |= {"packages/core/src/index.ts": "", "packages/core/src/auth/index.ts": ""}
    report = checked(tmp_path, "acme-core-1.0.0.tgz", make_tar_gz(files), repository)
    assert len(report.findings) == 72
    assert {one.kind for one in report.findings} == {"stray"}
    assert by_end(report)["m7.d.ts"].names == ("packages/core/src/auth/ee/m7.ts",)
    assert not report.kept


def test_a_bundle_is_betrayed_by_its_source_map(tmp_path: Path) -> None:
    package = b'{"name": "@acme/core", "version": "1.0.0", "license": "Apache-2.0"}'
    sources = ["../src/index.ts", "../src/auth/ee/fleet.ts", "../node_modules/ee/a.js"]
    bundle = json.dumps({"version": 3, "sources": sources, "sourcesContent": ["a", SECRET, "b"]})
    files = {
        "package/package.json": package,
        "package/LICENSE": APACHE.encode(),
        "package/dist/index.js": b"var a=1;",
        "package/dist/index.js.map": bundle.encode(),
    }
    repository = {
        "packages/core/package.json": package.decode(),
        "packages/core/src/auth/ee/fleet.ts": SECRET,
        "packages/core/src/index.ts": "",
    }
    report = checked(tmp_path, "a.tgz", make_tar_gz(files), repository)
    (finding,) = report.findings
    assert finding.path == "a.tgz!/package/dist/index.js.map"
    assert finding.message.startswith("This source map holds the whole text of packages/core/src")


def test_a_bundle_without_a_map_is_known_by_the_lines_in_it(tmp_path: Path) -> None:
    other = "".join(f"  pages_{n} = draw(order, {n}, 'a bundle');\n" for n in range(300))
    compiled = SECRET.replace("seats_3", "var seats_3").replace("seats_14", "var seats_14")
    bundle = f"// core\n{CORE}{other}{compiled}{other}"
    package = b'{"name": "acme", "version": "1.0.0", "license": "Apache-2.0"}'
    files = {"package/package.json": package, "package/LICENSE": APACHE.encode()}
    kept = {**files, "package/dist/chunk-A.js": f"{CORE}{other}".encode()}
    assert checked(tmp_path, "kept.tgz", make_tar_gz(kept)).findings == ()
    files["package/dist/chunk-A.js"] = bundle.encode()
    (finding,) = checked(tmp_path, "a.tgz", make_tar_gz(files)).findings
    assert finding.path == "a.tgz!/package/dist/chunk-A.js"
    assert finding.names == ("ee/acme_ee/fleet.py",)
    assert "70% of whose own lines (28) stand in it" in finding.message


def test_lines_that_the_core_has_too_betray_nothing(tmp_path: Path) -> None:
    repository = {**REPOSITORY, "ee/acme_ee/grown.py": CORE + "".join(SECRET.splitlines(True)[:9])}
    data = make_tar_gz({"a-1/bundle.js": (CORE * 3).encode(), "a-1/LICENSE": APACHE.encode()})
    assert checked(tmp_path, "a.tar.gz", data, repository).findings == ()


@pytest.mark.parametrize(
    ("line", "kind", "grade"),
    [
        ("Requires-Dist: acme-ee>=1", "build", "broken"),
        ("Requires-Dist: Acme_EE ; extra == 'ee'", "build", "tight"),
        ("License-Expression: LicenseRef-Acme", "metadata", None),
        ("Classifier: License :: Other/Proprietary License", "metadata", None),
    ],
)
def test_metadata_of_a_wheel(tmp_path: Path, line: str, kind: str, grade: str | None) -> None:
    metadata = f"Metadata-Version: 2.4\nName: acme\nVersion: 1\n{line}\n\nRequires-Dist: acme-ee\n"
    files = {"acme/app.py": CORE.encode(), "acme-1.dist-info/METADATA": metadata.encode()}
    files["acme-1.dist-info/licenses/LICENSE"] = APACHE.encode()
    (finding,) = checked(tmp_path, "acme-1-py3-none-any.whl", make_zip(files)).findings
    assert (finding.kind, finding.grade, finding.line) == (kind, grade, 4)


def test_a_gem_s_specification(tmp_path: Path) -> None:
    import gzip

    specification = """--- !ruby/object:Gem::Specification
name: acme
dependencies:
- !ruby/object:Gem::Dependency
  name: acme-ee
  requirement: !ruby/object:Gem::Requirement
    requirements:
    - - "~>"
      - !ruby/object:Gem::Version
        version: '1.0'
  type: :runtime
licenses:
- LicenseRef-Acme
"""
    data = make_tar(
        {
            "metadata.gz": gzip.compress(specification.encode()),
            "data.tar.gz": make_tar_gz({"LICENSE": APACHE.encode(), "lib/acme.rb": b"x = 1\n" * 9}),
        }
    )
    report = checked(tmp_path, "acme-1.0.gem", data)
    assert sorted((one.kind, one.line) for one in report.findings) == [
        ("build", 5),
        ("metadata", 13),
    ]


def test_an_artifact_of_the_wrap_may_hold_the_wrap(tmp_path: Path) -> None:
    metadata = b"Metadata-Version: 2.4\nName: Acme.EE\nLicense-Expression: LicenseRef-Acme\n"
    files = {
        "acme_ee/fleet.py": SECRET.encode(),
        "acme_ee-1.dist-info/METADATA": metadata,
        "acme_ee-1.dist-info/licenses/LICENSE": REPOSITORY["ee/LICENSE"].encode(),
    }
    report = checked(tmp_path, "acme_ee-1-py3-none-any.whl", make_zip(files))
    assert report.findings == ()
    assert report.notes == ("acme_ee-1-py3-none-any.whl: wheel, 3 files, of the wrap ee.",)


def test_what_a_later_layer_removes_was_shipped(tmp_path: Path) -> None:
    layers = {
        "1/layer.tar": make_tar({"app/acme/app.py": CORE.encode(), "app/x.py": SECRET.encode()}),
        "2/layer.tar": make_tar({"app/.wh.x.py": b"", "usr/lib/python3/os.py": b"import sys\n"}),
    }
    manifest = json.dumps([{"Layers": list(layers)}]).encode()
    report = checked(tmp_path, "image.tar", make_tar({**layers, "manifest.json": manifest}))
    (finding,) = report.findings
    assert "A later layer hides it, and it is shipped all the same." in finding.message
    assert finding.path == "image.tar!/layer-1-1!/app/x.py"


def test_other_people_s_files_in_an_image_are_not_judged(tmp_path: Path) -> None:
    files = {
        "app/src/acme/app.py": CORE.encode(),
        "usr/lib/python3/site-packages/other/ee/a.py": b"import acme_ee\n" * 20,
        "usr/share/doc/x/copyright": b"All rights reserved. Proprietary.\n" * 9,
    }
    manifest = json.dumps([{"Layers": ["1/layer.tar"]}]).encode()
    data = make_tar({"1/layer.tar": make_tar(files), "manifest.json": manifest})
    assert checked(tmp_path, "image.tar", data).findings == ()


def test_an_archive_that_lies_is_a_finding_and_the_rest_is_checked(tmp_path: Path) -> None:
    files = {"acme-1/../../src/acme/x.py": SECRET.encode(), "acme-1/LICENSE": APACHE.encode()}
    report = checked(tmp_path, "a.tar.gz", make_tar_gz(files))
    assert sorted(one.kind for one in report.findings) == ["stray", "unreadable"]
    assert all("x.py" in one.path for one in report.findings)


def test_findings_keep_their_fingerprints(tmp_path: Path) -> None:
    data = make_tar_gz({"a-1/x.py": SECRET.encode(), "a-1/LICENSE": APACHE.encode()})
    one, other = (checked(tmp_path, "a.tar.gz", data) for _ in range(2))
    assert [f.fingerprint for f in one.findings] == [f.fingerprint for f in other.findings]
    assert len(one.findings) == 1


@pytest.mark.parametrize(
    "path",
    [
        "usr/lib/python3/site-packages/acme_ee/core.cpython-311-x86_64-linux-gnu.so",
        "usr/lib/python3/dist-packages/acme_ee.pyc",
        "srv/node_modules/@acme/ee/index.js",
        "usr/lib/ruby/gems/3.2.0/gems/acme-ee-1.0/lib/x.rb",
        "opt/lib/python3/site-packages/acme_ee-1.0.dist-info/METADATA",
    ],
)
def test_an_installed_wrap_is_known_by_its_place(tmp_path: Path, path: str) -> None:
    """What was compiled, or is of another release, has no content in common."""
    layer = make_tar({path: b"\0" * 100, "usr/lib/python3/site-packages/acme_eel/a.py": b"x"})
    manifest = json.dumps([{"Layers": ["1/layer.tar"]}]).encode()
    data = make_tar({"1/layer.tar": layer, "manifest.json": manifest})
    (finding,) = checked(tmp_path, "image.tar", data).findings
    assert finding.path == f"image.tar!/{path}"
    assert "of the wrap ee" in finding.message
