# SPDX-License-Identifier: Apache-2.0
"""The signs by which repositories show their line: one file each, ending in ``SIGNAL``."""
