# SPDX-License-Identifier: Apache-2.0
"""The tools that build artifacts: one file for each, ending in ``TOOL``."""
