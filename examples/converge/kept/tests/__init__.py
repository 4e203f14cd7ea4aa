# SPDX-License-Identifier: Apache-2.0
"""Tests of converge. They run from a checkout, with nothing installed."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))
