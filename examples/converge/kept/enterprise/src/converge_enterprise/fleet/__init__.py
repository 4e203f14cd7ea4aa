# SPDX-License-Identifier: LicenseRef-Converge-Enterprise
"""The feature ``fleet``: one report over many machines."""
