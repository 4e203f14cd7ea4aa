# SPDX-License-Identifier: Apache-2.0
"""C and C++, which share headers, the preprocessor and the loaders of shared libraries."""
