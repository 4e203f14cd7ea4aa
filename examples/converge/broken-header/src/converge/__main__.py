# SPDX-License-Identifier: LicenseRef-Converge-Enterprise
"""``python -m converge``."""

import sys

from converge.cli import main

sys.exit(main())
