# SPDX-License-Identifier: Apache-2.0
"""What a core knows of a wrap beyond the names of modules: gates, look-ups, names of things."""

VERSION = 5
"""Raised whenever anything of this room finds something else in the same bytes."""
