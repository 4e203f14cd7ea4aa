# SPDX-License-Identifier: Apache-2.0
"""What left the core between two states: the ratchet of ``coreline check --since``."""
