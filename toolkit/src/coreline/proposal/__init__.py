# SPDX-License-Identifier: Apache-2.0
"""Propose: a first manifest for a repository that has none."""
