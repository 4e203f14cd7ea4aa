# SPDX-License-Identifier: Apache-2.0
"""Coreline: the line between an open core and its proprietary wrap, as code."""

__version__ = "0.1.0"
