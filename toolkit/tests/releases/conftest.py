# SPDX-License-Identifier: Apache-2.0
"""Lets the tests of releases import ``attesting`` from their own folder."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
