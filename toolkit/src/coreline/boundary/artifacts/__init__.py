# SPDX-License-Identifier: Apache-2.0
"""Artifacts held against the line: what is shipped, not what lies in the repository."""
