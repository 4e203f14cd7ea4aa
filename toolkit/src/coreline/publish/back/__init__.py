# SPDX-License-Identifier: Apache-2.0
"""Contributions back: from commits on the public core to commits of the private repository."""
