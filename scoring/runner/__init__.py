"""From an organisation's rows to a stored recommendation.

``freeze`` reads the rows once into a ``triage/1`` document, which is all that the engine sees and that a run keeps of
its inputs; ``carry_out`` solves it and stores the result, or the reason why there is none. ``work_out`` does the same
for a what-if, whose inputs are those of a run with some levers pulled.
"""

from scoring.runner.carrying_out import carry_out, give_back, give_up, why_nothing_fits
from scoring.runner.explaining import explain, leave_unexplained
from scoring.runner.freezing import Frozen, NothingToScoreError, freeze
from scoring.runner.nights import NightUnderWayError, begin_night
from scoring.runner.steps import Step, steps_to_a_score
from scoring.runner.working_out import end_without_an_answer, leave_for_another, work_out

__all__ = [
    "Frozen",
    "NightUnderWayError",
    "NothingToScoreError",
    "Step",
    "begin_night",
    "carry_out",
    "end_without_an_answer",
    "explain",
    "freeze",
    "give_back",
    "give_up",
    "leave_for_another",
    "leave_unexplained",
    "steps_to_a_score",
    "why_nothing_fits",
    "work_out",
]
