# SPDX-License-Identifier: Apache-2.0
"""Decisions: limits, the rule of thumb, records and their review."""
