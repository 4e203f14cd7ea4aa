# SPDX-License-Identifier: Apache-2.0
"""Files by which packages are described and built, and what is the same in all of them."""
