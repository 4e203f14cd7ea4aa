# SPDX-License-Identifier: LicenseRef-Converge-Enterprise
"""Fleet report and compliance audit: a plugin of converge, sold by Example Corp."""

__version__ = "1.1.0"
