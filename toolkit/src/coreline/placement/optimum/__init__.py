# SPDX-License-Identifier: Apache-2.0
"""The optimum: which features to wrap at which price, and what it costs the core."""
