# SPDX-License-Identifier: Apache-2.0
"""One file a language: which names of the wrap a file refers to, and how."""
