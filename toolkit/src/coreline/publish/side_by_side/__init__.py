# SPDX-License-Identifier: Apache-2.0
"""What ``coreline status`` says beside where the branch is: each module one row of it."""
