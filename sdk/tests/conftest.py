# SPDX-License-Identifier: Apache-2.0
"""Lets the SDK's tests import ``minting`` from their own folder, and closes their environment."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CORELINE_LICENSE", "CORELINE_TELEMETRY", "DO_NOT_TRACK"):
        monkeypatch.delenv(name, raising=False)
