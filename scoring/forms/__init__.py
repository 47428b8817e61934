"""What people type on the pages of scoring."""

from scoring.forms.earlier_run import EarlierRunForm
from scoring.forms.tipping_point import TippingPointForm
from scoring.forms.what_if import AdoptForm, CompareForm, SaveForm, WhatIfForm

__all__ = ["AdoptForm", "CompareForm", "EarlierRunForm", "SaveForm", "TippingPointForm", "WhatIfForm"]
