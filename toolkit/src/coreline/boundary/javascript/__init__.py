# SPDX-License-Identifier: Apache-2.0
"""What JavaScript, TypeScript, Vue and Svelte have in common: references, guards, resolution."""
