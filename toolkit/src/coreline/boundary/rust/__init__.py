# SPDX-License-Identifier: Apache-2.0
"""Rust: its modules, its crates, and what Cargo makes of both."""
