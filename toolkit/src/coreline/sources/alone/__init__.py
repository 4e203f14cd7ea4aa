# SPDX-License-Identifier: Apache-2.0
"""The core by itself: its files in a folder of their own, and commands run there."""
