# SPDX-License-Identifier: Apache-2.0
"""The ways to run ``coreline place``: one feature, all candidates, a review."""
