# SPDX-License-Identifier: Apache-2.0
"""The data directory: private, made once, held by one process, without the root key."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coreline.errors import InputError, NothingToDo, OutsideError
from coreline.licensing.keyring import create_keys
from coreline_server.config import Config
from coreline_server.storage.directory import (
    initialize,
    is_initialized,
    locked,
    recorded_manifest,
)

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def test_it_is_private_and_whole(config: Config) -> None:
    assert stat.S_IMODE(config.data.stat().st_mode) == 0o700
    assert is_initialized(config)
    assert recorded_manifest(config).product.name == "converge"
    private = list(config.keys.glob("*.pem"))
    assert {stat.S_IMODE(path.stat().st_mode) for path in private} == {0o600}


def test_it_is_made_once(config: Config, manifest_path: Path) -> None:
    with pytest.raises(NothingToDo) as caught:
        initialize(config, manifest_path, None, NOW)
    assert caught.value.code == "server-initialized"


def test_given_keys_are_taken_without_the_root_key(tmp_path: Path, manifest_path: Path) -> None:
    keys = tmp_path / "vendor-keys"
    made = create_keys(keys, NOW)
    config = Config(data=tmp_path / "data")
    done = initialize(config, manifest_path, keys, NOW)
    assert done.root_public == made.root
    assert done.root_private is None
    assert not (config.keys / "root.pem").exists()


def test_a_cut_off_attempt_is_taken_up(config: Config, manifest_path: Path) -> None:
    config.manifest.unlink()
    before = sorted(path.name for path in config.keys.iterdir())
    initialize(config, manifest_path, None, NOW)
    assert sorted(path.name for path in config.keys.iterdir()) == before


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path, manifest_path: Path) -> None:
    config = Config(data=tmp_path / "data")
    config.data.mkdir()
    (config.data / "thesis.txt").write_text("mine")
    with pytest.raises(InputError) as caught:
        initialize(config, manifest_path, None, NOW)
    assert caught.value.code == "data-not-empty"
    assert [path.name for path in config.data.iterdir()] == ["thesis.txt"]


def test_a_bad_manifest_makes_nothing(tmp_path: Path, manifest_path: Path) -> None:
    manifest_path.write_text("[product]\nname = 3\n")
    config = Config(data=tmp_path / "data")
    with pytest.raises(InputError):
        initialize(config, manifest_path, None, NOW)
    assert not config.data.exists()


def test_serving_an_empty_folder_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        recorded_manifest(Config(data=tmp_path))
    assert caught.value.code == "server-not-initialized"


def test_one_process_holds_it(config: Config) -> None:
    with locked(config), pytest.raises(OutsideError) as caught, locked(config):
        pass
    assert caught.value.code == "data-in-use"
    with locked(config):
        pass


def test_a_folder_of_something_else_keeps_its_mode(tmp_path: Path, manifest_path: Path) -> None:
    config = Config(data=tmp_path / "home")
    config.data.mkdir(mode=0o755)
    (config.data / "thesis.txt").write_text("mine")
    with pytest.raises(InputError):
        initialize(config, manifest_path, None, NOW)
    assert stat.S_IMODE(config.data.stat().st_mode) == 0o755


def test_a_repository_is_no_data_directory(manifest_path: Path) -> None:
    config = Config(data=manifest_path.parent)
    assert not is_initialized(config)
    with pytest.raises(InputError) as caught:
        initialize(config, manifest_path, None, NOW)
    assert caught.value.code == "data-not-empty"


def test_a_lost_database_is_not_replaced_by_an_empty_one(
    config: Config, manifest_path: Path
) -> None:
    config.database.unlink()
    with pytest.raises(InputError):
        recorded_manifest(config)
    with pytest.raises(InputError):
        initialize(config, manifest_path, None, NOW)
    assert not config.database.exists()


def test_the_manifest_alone_is_enough(tmp_path: Path, manifest_path: Path) -> None:
    text = manifest_path.read_text()
    assert "[features.fleet]\n" in text
    text = text.replace("[features.fleet]\n", '[features.fleet]\ndecision = "docs/fleet.md"\n')
    alone = tmp_path / "alone.toml"
    alone.write_text(text)
    config = Config(data=tmp_path / "data")
    initialize(config, alone, None, NOW)
    assert recorded_manifest(config).features["fleet"].decision == "docs/fleet.md"


def test_a_restored_copy_is_private_again(config: Config) -> None:
    config.data.chmod(0o755)
    with locked(config):
        assert stat.S_IMODE(config.data.stat().st_mode) == 0o700
