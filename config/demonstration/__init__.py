"""The demonstration: an invented trust with twenty-four partnerships, past its tipping point.

What it says stands in ``data/`` as plain text that anybody can read and correct. ``reading`` turns that into values and
refuses a slip with the file's name, ``survey_answers`` draws what respondents answered, ``loading`` writes it all the
way a person at the keyboard would, through the same actions, and ``sign_ins`` says who can sign in.
"""

from config.demonstration.loading import DemonstrationRefusedError, load
from config.demonstration.sign_ins import SignIn, sign_ins

__all__ = ["DemonstrationRefusedError", "SignIn", "load", "sign_ins"]
