# SPDX-License-Identifier: Apache-2.0
"""The recipe: all that decides what a public commit is, each part a pure function of the commit."""
