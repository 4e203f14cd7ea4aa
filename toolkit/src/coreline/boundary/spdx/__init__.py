# SPDX-License-Identifier: Apache-2.0
"""What files say of their own license, against the side that the manifest gives them."""
