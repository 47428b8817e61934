"""Starting the surveys of how good a partner an organisation is: two boxes of people for each partnership."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django import forms

from design.fields import DayMonthYearWidget, LongTextField
from diagnostics.actions.partner_rounds import Halves, Others, problems_of
from diagnostics.forms.open_links import HowManyField
from diagnostics.forms.rounds import people_of
from diagnostics.forms.several import SeveralForm
from diagnostics.invitees import Invitee, as_lines, read_invitees
from diagnostics.models import Subject
from diagnostics.open_link_offer import offered_last_time
from diagnostics.partner_people import asked_last_time_about_us, names_of, split, works_for_us
from partnerships.models import Organisation, Participation

LABELS = {
    Subject.BY_PARTNERS: "Partners’ people to ask, in {name}",
    Subject.BY_US: "Your own people to ask, in {name}",
}
HINT = "One person a line: name, comma, email, comma, organisation. Leave it empty to leave this side out."
OTHERS = {
    Subject.BY_PARTNERS: "How many others of the partners have an open link, in {name}?",
    Subject.BY_US: "How many others of your own people have an open link, in {name}?",
}
HINT_ON_OTHERS = (
    "One link for many on this side, with a QR code. Nobody who has it can be reminded, and somebody could answer "
    "twice. Leave it empty for none."
)


class PartnerForm(SeveralForm):
    """The partners’ people and one’s own in a box each, for every partnership chosen; and how many others of either
    side have an open link, since not everybody's address is known there either.
    """

    def __init__(
        self, *args: Any, organisation: Organisation, participations: Iterable[Participation], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.names = names_of(organisation)
        self.participations = list(participations)
        self.halves: dict[Participation, Halves] = {}
        self.others: dict[Participation, Others] = {}
        for one in self.participations:
            for subject, label in LABELS.items():
                self.fields[_box(one, subject)] = LongTextField(
                    label=label.format(name=one.partnership.display_name),
                    help_text=HINT,
                    required=False,
                    widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "optional": "unsaid"}),
                )
                self.fields[_link(one, subject)] = HowManyField(
                    label=OTHERS[subject].format(name=one.partnership.display_name),
                    help_text=HINT_ON_OTHERS,
                    required=False,
                )
            if not self.is_bound:
                self._begin_with(one)
        self.order_fields(
            [name(one, subject) for one in self.participations for subject in LABELS for name in (_box, _link)]
        )
        self.speak_plainly()

    def _begin_with(self, participation: Participation) -> None:
        last = asked_last_time_about_us(participation)
        self.initial.setdefault(_box(participation, Subject.BY_PARTNERS), as_lines(last.partners))
        self.initial.setdefault(_box(participation, Subject.BY_US), as_lines(last.ours))
        for subject in LABELS:
            self.initial.setdefault(_link(participation, subject), offered_last_time(participation, subject))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for one in self.participations:
            others = {subject: cleaned.get(_link(one, subject)) or 0 for subject in LABELS}
            halves = {subject: self._people(one, subject, others[subject]) for subject in LABELS}
            if all(people is not None for people in halves.values()):
                self.halves[one] = {subject: people or [] for subject, people in halves.items()}
                self.others[one] = others
                for message in problems_of(self.halves[one], others):
                    self.add_error(_box(one, Subject.BY_PARTNERS), f"{one.partnership.display_name}: {message}")
        return cleaned

    def _people(self, participation: Participation, subject: Subject, others: int) -> Sequence[Invitee] | None:
        """The people of one box, asked with so many ``others``; None where it cannot be used, and then its field says
        why.
        """
        box = _box(participation, subject)
        pasted = self.cleaned_data.get(box, "")
        if not pasted.strip() and not others:
            return []
        name = participation.partnership.display_name
        try:
            people = people_of(pasted, others=others)
        except forms.ValidationError as problem:
            self.refuse(box, problem, of=name)
            return None
        if subject == Subject.BY_PARTNERS:
            return people if self._are_partners(people, box, name) else None
        return people

    def _are_partners(self, people: Sequence[Invitee], box: str, name: str) -> bool:
        ours = [one.email for one in people if works_for_us(one, self.names)]
        if ours:
            first = f"{ours[0]} works" if len(ours) == 1 else f"{ours[0]} and {len(ours) - 1} more work"
            self.add_error(box, f"{name}: {first} for you. Move them to your own people, or sort the lists.")
        return not ours

    def facts(self) -> dict[str, Any]:
        """What is to be started, once the form is valid."""
        return {"asked": self.halves, "open_links": self.others, **self.days_and_reminders()}


def sorted_again(
    typed: Mapping[str, Any], participations: Iterable[Participation], names: Collection[str]
) -> dict[str, Any]:
    """What was typed so far, with each line in the box of its side; lines that cannot be read stay where they are."""
    begun: dict[str, Any] = {
        day: {part: typed.get(f"{day}-{part}", "") for part in DayMonthYearWidget.PARTS}
        for day in ("opens_by_itself_on", "closes_on")
    }
    for one in participations:
        boxes = {subject: _box(one, subject) for subject in LABELS}
        begun |= {link: typed.get(link, "") for link in (_link(one, subject) for subject in LABELS)}
        read = {subject: read_invitees(str(typed.get(box, ""))) for subject, box in boxes.items()}
        if any(half.errors for half in read.values()):
            begun |= {box: typed.get(box, "") for box in boxes.values()}
            continue
        people = {person.email: person for half in read.values() for person in half.invitees}
        sides = split((person for person in people.values() if person.works_for), names)
        unsaid = {
            subject: [person for person in half.invitees if not person.works_for] for subject, half in read.items()
        }
        begun[boxes[Subject.BY_PARTNERS]] = as_lines([*sides.partners, *unsaid[Subject.BY_PARTNERS]])
        begun[boxes[Subject.BY_US]] = as_lines([*sides.ours, *unsaid[Subject.BY_US]])
    return begun


def _box(participation: Participation, subject: Subject) -> str:
    return f"{'partners' if subject == Subject.BY_PARTNERS else 'ours'}-{participation.pk}"


def _link(participation: Participation, subject: Subject) -> str:
    return f"{_box(participation, subject)}-link"
