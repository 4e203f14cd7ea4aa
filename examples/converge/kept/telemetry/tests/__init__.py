# SPDX-License-Identifier: Apache-2.0
"""Tests of converge-telemetry. They run from a checkout, with coreline-sdk installed."""

import sys
from pathlib import Path

_ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(_ROOT / "src"), str(_ROOT / "telemetry" / "src")]
