"""From an organisation's rows to a stored recommendation.

``freeze`` reads the rows once into a ``triage/1`` document, which is all that the engine sees and that a run keeps of
its inputs; ``carry_out`` solves it and stores the result, or the reason why there is none.
"""

from scoring.runner.carrying_out import carry_out, give_back, give_up, why_nothing_fits
from scoring.runner.freezing import Frozen, NothingToScoreError, freeze
from scoring.runner.steps import Step, steps_to_a_score

__all__ = [
    "Frozen",
    "NothingToScoreError",
    "Step",
    "carry_out",
    "freeze",
    "give_back",
    "give_up",
    "steps_to_a_score",
    "why_nothing_fits",
]
