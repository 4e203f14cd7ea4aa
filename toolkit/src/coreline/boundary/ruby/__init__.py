# SPDX-License-Identifier: Apache-2.0
"""Ruby: what a file requires, which constants it uses, under which guards; and what they mean."""
