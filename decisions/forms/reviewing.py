"""Recording what was found as a decision was looked at again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from decisions.actions import Found, ReviewedMeanwhile
from decisions.forms.deciding import MAY_BE_READ, REVIEW_AFTER
from decisions.models import Review, ReviewOutcome
from design.fields import DayMonthYearField, LongTextField
from design.messages import PlainMessages


class ReviewForm(PlainMessages, forms.Form):
    """``seen`` names the last review that the form was filled beside."""

    found = LongTextField(
        label="What you found",
        help_text=f"What has changed, and what follows from it. {MAY_BE_READ}",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    outcome = forms.ChoiceField(
        label="What follows",
        choices=ReviewOutcome.choices,
        widget=forms.RadioSelect(attrs={"legend_size": "s"}),
        error_messages={"required": "Choose whether the decision stays, or has to be decided again."},
    )
    review_on = DayMonthYearField(
        label="When to look again",
        required=False,
        help_text="Where the decision stays. One that has to be decided again stays due until somebody decides.",
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, last: Review | None, **kwargs: Any) -> None:
        initial = {"seen": str(last.pk) if last else "", "review_on": timezone.localdate() + REVIEW_AFTER}
        super().__init__(*args, initial=initial, **kwargs)
        outcome: Any = self.fields["outcome"]
        outcome.choice_hints = {ReviewOutcome.DECIDE_AGAIN: "You go on to deciding, and it stays on top of the list."}
        self.fields["review_on"].widget.attrs["optional"] = "unsaid"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        stays = cleaned.get("outcome") == ReviewOutcome.STAYS
        if stays and not cleaned.get("review_on") and "review_on" not in self.errors:
            self.add_error("review_on", "Enter when to look again, or choose that it has to be decided again.")
        return cleaned

    def result(self) -> Found:
        given = self.cleaned_data
        outcome = ReviewOutcome(given["outcome"])
        return Found(given["found"], outcome, given["review_on"] if outcome == ReviewOutcome.STAYS else None)

    def tell_of(self, other: ReviewedMeanwhile) -> None:
        """Keep what was typed, say what somebody else found, and let the next sending be after theirs."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["seen"] = str(other.review.pk)
        self.data = data
        review = other.review
        self.add_error(
            None,
            f"{review.reviewed_by} reviewed this while you were writing: “{review.get_outcome_display()}”. Read it "
            "below. If yours is to follow it, send it again.",
        )
