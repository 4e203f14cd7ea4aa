# SPDX-License-Identifier: Apache-2.0
"""Go: imports, directives and build constraints of a file, and the packages of a tree."""
