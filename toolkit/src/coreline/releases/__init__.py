# SPDX-License-Identifier: Apache-2.0
"""Releases: the artifacts of each side, what is in them, who vouches for them, where they go."""
