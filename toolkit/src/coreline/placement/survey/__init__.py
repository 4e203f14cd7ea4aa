# SPDX-License-Identifier: Apache-2.0
"""Surveys: questionnaires that tell much from few questions, and a form to run them."""
