# SPDX-License-Identifier: Apache-2.0
"""What files of builds have in common: shell commands, YAML, conditions, words that are paths."""
