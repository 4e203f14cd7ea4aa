# SPDX-License-Identifier: Apache-2.0
"""``coreline demo``: the whole story on the example product, each step with its own proof."""
