# SPDX-License-Identifier: Apache-2.0
"""The ways to run ``coreline check``: one file each."""
