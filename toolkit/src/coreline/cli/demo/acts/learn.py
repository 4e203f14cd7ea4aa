# SPDX-License-Identifier: Apache-2.0
"""Act eight: events that users agreed to, and the funnel they make."""

from coreline.cli.demo.scene import Step

STEPS: tuple[Step, ...] = ()
