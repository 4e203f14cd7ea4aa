# SPDX-License-Identifier: LicenseRef-Converge-Enterprise
"""Tests of converge-enterprise. They run from a checkout, with coreline-sdk installed."""

import sys
from pathlib import Path

_ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(_ROOT / name) for name in ("src", "telemetry/src", "enterprise/src")]
