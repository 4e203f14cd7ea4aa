# SPDX-License-Identifier: Apache-2.0
"""How users of the core become customers, by segment and by feature."""
