# SPDX-License-Identifier: Apache-2.0
"""Where the line should be: evidence, choice models, limits, the optimum, its doubt, a record."""
