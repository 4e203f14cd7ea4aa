# SPDX-License-Identifier: Apache-2.0
"""One file a check: what must hold, and the findings where it does not."""
