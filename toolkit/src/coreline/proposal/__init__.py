# SPDX-License-Identifier: Apache-2.0
"""Propose: a first manifest for a repository that has none.

``survey`` reads, ``signals`` see, ``decide`` weighs, ``compose`` writes patterns, ``render`` the
manifest; ``outcome`` holds it against the repository at once.
"""
