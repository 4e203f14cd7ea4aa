# SPDX-License-Identifier: LicenseRef-Converge-Enterprise
"""The feature ``compliance``: policy rules against a machine, with evidence."""
