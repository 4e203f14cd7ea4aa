# SPDX-License-Identifier: Apache-2.0
"""Sell offline: keys, licenses, tokens."""
