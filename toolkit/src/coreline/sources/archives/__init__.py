# SPDX-License-Identifier: Apache-2.0
"""The formats of artifacts: one file each, ending in ``ARCHIVE``."""
