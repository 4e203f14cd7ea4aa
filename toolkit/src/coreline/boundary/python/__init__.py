# SPDX-License-Identifier: Apache-2.0
"""How Python refers to modules: the parts of the language extension of the same name."""
