# SPDX-License-Identifier: Apache-2.0
"""Java and Kotlin, which share packages, class files, build tools and look-ups by string."""
