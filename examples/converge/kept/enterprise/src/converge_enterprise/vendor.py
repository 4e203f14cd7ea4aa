# SPDX-License-Identifier: LicenseRef-Converge-Enterprise
"""What the vendor stamps into a release: whose licenses count, and when it was made."""

from datetime import date

# Public root keys of Example Corp., each as `coreline keys new` prints it. Set by the release.
ROOT_KEYS: tuple[str, ...] = ()

# The day of the release. A license that ends later keeps this version working for good.
BUILT = date(2025, 9, 1)
