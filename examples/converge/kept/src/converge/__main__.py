# SPDX-License-Identifier: Apache-2.0
"""``python -m converge``."""

import sys

from converge.cli import main

sys.exit(main())
