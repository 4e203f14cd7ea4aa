# SPDX-License-Identifier: Apache-2.0
"""SBOMs: valid by the standard's schema, the same bytes each time, and with the line in them."""

import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from coreline.errors import InputError, OutsideError
from coreline.manifest.parse import parse_manifest
from coreline.releases.model import Built
from coreline.releases.sbom import LineSaid, line_said, sbom_text, write_sbom
from coreline.sources.unpack.packing import make_tar_gz

_COMMIT = "c" * 40
_MANIFEST = """
[product]
name = "acme"
primary = "Do things"

[core]
spdx = "Apache-2.0"
paths = ["src/**"]
packages = ["acme"]

[wraps.enterprise]
spdx = "LicenseRef-Acme"
paths = ["ee/**"]
packages = ["acme-ee"]

[features.apply]
side = "core"
primary = true

[features.fleet]
side = "wrap"
wrap = "enterprise"
"""


def _line(side: str = "core") -> LineSaid:
    manifest = parse_manifest(_MANIFEST).manifest
    if side == "core":
        return line_said(manifest, side="core", wrap=None, digest="d" * 64)
    return line_said(manifest, side="wrap", wrap="enterprise", digest="d" * 64)


def _built(package: str | None = None, side: str = "core") -> Built:
    return Built(
        name="main",
        side="core" if side == "core" else "wrap",
        wrap=None if side == "core" else "enterprise",
        tool="python",
        package=package,
        version=None,
        spdx="Apache-2.0" if side == "core" else "LicenseRef-Acme",
        registry=None,
        artifacts=[],
    )


def _wheel(path: Path, name: str, needs: str) -> Path:
    with zipfile.ZipFile(path, "w") as file:
        text = f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.2\n{needs}\n"
        file.writestr(f"{name.replace('-', '_')}-1.2.dist-info/METADATA", text)
    return path


def _tar(path: Path, **files: str) -> Path:
    named = {name.replace("__", "/"): text.encode() for name, text in files.items()}
    path.write_bytes(make_tar_gz(named))
    return path


def _document(artifact: Path, side: str = "core") -> dict[str, object]:
    text = sbom_text(
        artifact,
        built=_built(side=side),
        release_commit=_COMMIT,
        epoch=1_700_000_000,
        line=_line(side),
    )
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    document: dict[str, object] = json.loads(text)
    return document


def _said(component: object) -> dict[str, list[str]]:
    assert isinstance(component, dict)
    found: dict[str, list[str]] = {}
    for one in component.get("properties", []):
        found.setdefault(one["name"], []).append(one["value"])
    return found


def _main(document: dict[str, object]) -> dict[str, object]:
    metadata = document["metadata"]
    assert isinstance(metadata, dict)
    main: dict[str, object] = metadata["component"]
    return main


def _needs(document: dict[str, object]) -> dict[str, dict[str, object]]:
    components = document["components"]
    assert isinstance(components, list)
    return {one["name"]: one for one in components}


def test_the_artifact_is_the_main_component(tmp_path: Path) -> None:
    wheel = _wheel(tmp_path / "acme-1.2-py3-none-any.whl", "acme", "Requires-Dist: click>=8\n")
    document = _document(wheel)
    main = _main(document)
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    assert (main["name"], main["version"], main["purl"]) == ("acme", "1.2", "pkg:pypi/acme@1.2")
    assert main["hashes"] == [{"alg": "SHA-256", "content": digest}]
    assert main["licenses"] == [{"expression": "Apache-2.0"}]


def test_the_line_is_in_it_and_the_other_side_is_not(tmp_path: Path) -> None:
    wheel = _wheel(tmp_path / "acme-1.2-py3-none-any.whl", "acme", "")
    said = _said(_main(_document(wheel)))
    assert said["coreline:side"] == ["core"]
    assert said["coreline:promise"] == ["loose"]
    assert said["coreline:line"] == ["sha256:" + "d" * 64]
    assert said["coreline:commit"] == [_COMMIT]
    assert said["coreline:feature:apply"] == ["primary"]
    assert "coreline:feature:fleet" not in said
    assert "coreline:wrap" not in said


def test_a_need_of_the_same_product_says_its_side(tmp_path: Path) -> None:
    needs = "Requires-Dist: Acme>=1\nRequires-Dist: click>=8\nRequires-Dist: rich; extra == 'x'\n"
    wheel = _wheel(tmp_path / "acme_ee-1.2-py3-none-any.whl", "acme-ee", needs)
    document = _document(wheel, side="wrap")
    found = _needs(document)
    assert _said(found["acme"])["coreline:side"] == ["core"]
    assert _said(found["acme"])["coreline:requirement"] == [">=1"]
    assert "coreline:side" not in _said(found["click"])
    assert found["rich"]["scope"] == "optional"
    said = _said(_main(document))
    assert said["coreline:wrap"] == ["enterprise"]
    assert said["coreline:feature:fleet"] == ["ordinary"]


def test_npm_scopes_are_namespaces(tmp_path: Path) -> None:
    text = '{"name": "@acme/app", "version": "2.0.0", "dependencies": {"left": "^1"}}'
    document = _document(_tar(tmp_path / "acme-app-2.0.0.tgz", package__package_json=""))
    assert _main(document)["type"] == "file"
    tarball = tmp_path / "acme-app-2.0.1.tgz"
    tarball.write_bytes(make_tar_gz({"package/package.json": text.encode()}))
    document = _document(tarball)
    assert _main(document)["purl"] == "pkg:npm/%40acme/app@2.0.0"
    assert _needs(document)["left"]["purl"] == "pkg:npm/left"


def test_a_crate_says_what_it_needs(tmp_path: Path) -> None:
    text = b"""[package]
name = "acme"
version = "0.3.0"
[dependencies.json]
package = "serde_json"
version = "1"
[target."cfg(unix)".dependencies]
nix = { version = "0.29", optional = true }
"""
    crate = tmp_path / "acme-0.3.0.crate"
    crate.write_bytes(make_tar_gz({"acme-0.3.0/Cargo.toml": text}))
    document = _document(crate)
    assert _main(document)["purl"] == "pkg:cargo/acme@0.3.0"
    found = _needs(document)
    assert found["serde_json"]["scope"] == "required"
    assert found["nix"]["scope"] == "optional"


def test_a_jar_says_what_it_needs(tmp_path: Path) -> None:
    pom = b"""<project><groupId>com.acme</groupId><artifactId>app</artifactId>
<version>1.0</version><dependencies>
<dependency><groupId>org.x</groupId><artifactId>y</artifactId><version>2</version></dependency>
<dependency><groupId>org.t</groupId><artifactId>t</artifactId><scope>test</scope></dependency>
</dependencies></project>"""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        file.writestr("META-INF/maven/com.acme/app/pom.xml", pom)
    (tmp_path / "app-1.0.jar").write_bytes(held.getvalue())
    document = _document(tmp_path / "app-1.0.jar")
    assert _main(document)["purl"] == "pkg:maven/com.acme/app@1.0"
    assert list(_needs(document)) == ["org.x:y"]


def test_the_same_artifact_gives_the_same_bytes(tmp_path: Path) -> None:
    wheel = _wheel(tmp_path / "acme-1.2-py3-none-any.whl", "acme", "Requires-Dist: click\n")
    written = [
        write_sbom(
            wheel,
            folder,
            built=_built(),
            release_commit=_COMMIT,
            epoch=1_700_000_000,
            line=_line(),
        ).read_bytes()
        for folder in (tmp_path, tmp_path)
    ]
    assert written[0] == written[1]
    assert json.loads(written[0])["metadata"]["timestamp"] == "2023-11-14T22:13:20+00:00"
    other = _wheel(tmp_path / "acme-1.3-py3-none-any.whl", "acme", "")
    assert _document(other)["serialNumber"] != json.loads(written[0])["serialNumber"]


def test_without_the_library_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(OutsideError) as caught:
        _document(tmp_path)
    assert caught.value.code == "sbom-library-missing"


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        _document(tmp_path / "none.whl")
    assert caught.value.code == "artifact-missing"
