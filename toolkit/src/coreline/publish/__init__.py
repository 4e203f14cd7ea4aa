# SPDX-License-Identifier: Apache-2.0
"""Publish: the core history out."""
