# SPDX-License-Identifier: Apache-2.0
"""What the funnel needs from outside: counts from the events."""

from collections.abc import Mapping
from typing import Protocol

from coreline_server.funnel.model import FeatureCount, Question
from coreline_server.funnel.rules import Segments


class FunnelStore(Protocol):
    """Counts by the rules of ``funnel.rules``."""

    def stage_counts(
        self, question: Question, segments: Segments
    ) -> Mapping[str, Mapping[str, int]]:
        """Return for each segment how many installs reached each stage. Zeros may be left out."""
        ...

    def feature_counts(self, question: Question) -> list[FeatureCount]:
        """Return for each feature that was asked for how it led on."""
        ...
