# SPDX-License-Identifier: Apache-2.0
"""The program ``coreline-server``: what it leaves alone when it refuses to serve."""

from pathlib import Path

import pytest

from coreline.cli.main import run
from coreline_server.cli import server as program
from coreline_server.config import Config
from coreline_server.storage.directory import locked


def test_a_server_that_runs_keeps_its_manifest(
    config: Config, manifest_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = config.manifest.read_text()
    manifest_path.write_text(before.replace('"converge"', '"diverge"'))
    argv = ["serve", "--data", str(config.data), "--manifest", str(manifest_path)]
    with locked(config):
        assert run(argv, program) == 3
    assert "Another server runs" in capsys.readouterr().err
    assert config.manifest.read_text() == before
