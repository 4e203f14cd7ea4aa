# SPDX-License-Identifier: Apache-2.0
"""The protocols that package managers speak, one file each, ending in ``FORMAT``."""
