# SPDX-License-Identifier: Apache-2.0
"""Prove: the line held against the code."""
