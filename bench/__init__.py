# SPDX-License-Identifier: Apache-2.0
"""One script a claim, each beside its peer in the same run."""
