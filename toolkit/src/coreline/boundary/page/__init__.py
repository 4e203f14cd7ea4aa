# SPDX-License-Identifier: Apache-2.0
"""The look of pages that stand alone: one file, nothing loaded from anywhere."""
