# SPDX-License-Identifier: Apache-2.0
"""Sell offline: licenses as values and rules, keys, minting, revoking, leases.

Verifying is the SDK's (``coreline_sdk.verify``), so that vendor and customer run the same code.
"""
