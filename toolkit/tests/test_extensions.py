# SPDX-License-Identifier: Apache-2.0
"""The loader finds the files of a folder, then what other packages add by entry points."""

import sys
import zipfile
from pathlib import Path

import pytest

from coreline import extensions
from coreline.boundary import formats
from coreline.boundary.extension import Format
from coreline.errors import InputError
from coreline.extensions import load, load_named

OURS = sorted(path.stem for path in Path(formats.__path__[0]).glob("[a-z]*.py"))

PLUGIN = """
from coreline.boundary.extension import Format
FORMAT = Format(name="zzz", sentence="Ours.", write=print)
WRONG = 3
"""


def install(site: Path, point: str, *, group: str = "coreline.boundary.formats") -> None:
    """Lay out a package as an installer does."""
    info = site / "acme_format-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-format\nVersion: 1\n")
    (info / "entry_points.txt").write_text(f"[{group}]\nzzz = acme_format:{point}\n")
    (site / "acme_format.py").write_text(PLUGIN)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "acme_format", raising=False)
    return tmp_path


def names() -> list[str]:
    return [one.name for one in load(formats, "FORMAT", Format)]


def test_our_own_extensions_come_in_the_order_of_their_files() -> None:
    assert names() == OURS


def test_a_package_adds_one_by_an_entry_point(site: Path) -> None:
    install(site, "FORMAT")
    assert names() == [*OURS, "zzz"]


def test_entry_points_of_other_groups_are_not_loaded(site: Path) -> None:
    install(site, "FORMAT", group="coreline.boundary.formatsx")
    assert names() == OURS


def test_an_extension_of_another_kind_is_refused(site: Path) -> None:
    install(site, "WRONG")
    with pytest.raises(InputError) as error:
        names()
    assert error.value.code == "extension-wrong-kind"


def test_packages_in_a_zip_file_are_asked_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path / "site", "FORMAT")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for file in sorted(path for path in (tmp_path / "site").rglob("*") if path.is_file()):
            archive.write(file, file.relative_to(tmp_path / "site"))
    monkeypatch.syspath_prepend(str(tmp_path / "all.zip"))
    monkeypatch.delitem(sys.modules, "acme_format", raising=False)
    assert "zzz" in names()


def test_finders_of_others_are_asked_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Finder:
        """A finder that a tool for frozen programs might add."""

        def find_spec(self, *_arguments: object) -> None:
            """Find nothing."""

        def find_distributions(self, *_arguments: object) -> list[object]:
            """Have no packages."""
            return []

    assert not extensions._asks_elsewhere()
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, Finder()])
    assert extensions._asks_elsewhere()
    assert names() == OURS


def test_one_of_ours_is_loaded_by_the_name_of_its_file() -> None:
    found = load_named(formats, "json", "FORMAT", Format)
    assert found is not None
    assert found.name == "json"
    assert load_named(formats, "none", "FORMAT", Format) is None
    assert load_named(formats, "../json", "FORMAT", Format) is None
    with pytest.raises(InputError) as error:
        load_named(formats, "json", "NONE", Format)
    assert error.value.code == "extension-wrong-kind"
