# SPDX-License-Identifier: Apache-2.0
"""Evidence: files that say what features are worth, and to whom."""
