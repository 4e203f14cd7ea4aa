# SPDX-License-Identifier: Apache-2.0
"""How artifacts are uploaded: one file for each kind of registry, ending in ``UPLOAD``."""
