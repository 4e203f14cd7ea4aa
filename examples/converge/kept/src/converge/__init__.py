# SPDX-License-Identifier: Apache-2.0
"""Bring a machine to a declared state."""

__version__ = "1.1.0"
