# SPDX-License-Identifier: Apache-2.0
"""PHP, and the class loading that Composer sets up for it."""
