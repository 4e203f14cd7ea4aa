# SPDX-License-Identifier: Apache-2.0
"""Engines that keep the server's data. The subjects declare what they need; here it is kept."""
