"""A letter to a partner, and an organisation's templates for such letters."""

from __future__ import annotations

from copy import copy, deepcopy
from dataclasses import replace
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from decisions.actions.kind_noes import last_pack
from decisions.actions.letters import Words, letter_version, template_version
from decisions.letter_facts import Changed, facts_of, opened, sealed, to_be_asked
from decisions.letter_fields import FIELDS, greeted, greets_another, says
from decisions.models import KindOfLetter, KindOfNo, Letter
from decisions.recipients import left_on, members_of
from decisions.saying_no import ToBeSaid, letter_of, template_of
from design.fields import LongTextField
from partnerships.forms.versioned import VersionedForm
from partnerships.models import Organisation, Participation

LONGEST_LETTER = 8000


class LetterForm(VersionedForm):
    """``of`` fills it from what is stored; a new one has the words that it is given."""

    said: ToBeSaid

    filled_from = forms.CharField(required=False, widget=forms.HiddenInput)
    recipient = forms.TypedChoiceField(
        label="Which member it is for",
        required=False,
        coerce=int,
        empty_value=None,
        help_text="So that you are told if they leave the partnership before the letter does.",
        widget=forms.Select(attrs={"optional": "unsaid"}),
    )
    recipient_name = forms.CharField(
        label="Whom it is for",
        required=False,
        max_length=120,
        help_text="A person’s name.",
        widget=forms.TextInput(attrs={"optional": "unsaid"}),
    )
    email = forms.EmailField(
        label="Their e-mail address", required=False, widget=forms.EmailInput(attrs={"optional": "unsaid"})
    )
    address = LongTextField(
        label="Their postal address",
        max_length=500,
        required=False,
        help_text="For the document, if you send it on paper.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    subject = forms.CharField(
        label="Subject", required=False, max_length=200, widget=forms.TextInput(attrs={"optional": "unsaid"})
    )
    body = LongTextField(
        label="The letter",
        required=False,
        max_length=LONGEST_LETTER,
        help_text="Leave an empty line between paragraphs. Do not enter anything about patients.",
        widget=forms.Textarea(attrs={"rows": 22, "optional": "unsaid"}),
    )
    without_reason = forms.BooleanField(label="Send it without saying why", required=False)
    without_continues = forms.BooleanField(label="Send it without saying what continues", required=False)
    as_it_is = forms.BooleanField(label="Send it as it is", required=False)
    although_left = forms.BooleanField(label="Send it although they have left the partnership", required=False)

    @classmethod
    def of(cls, said: ToBeSaid, data: QueryDict | None = None, **begins: str) -> LetterForm:
        """``begins`` are the subject and the text of a letter in which nobody has written yet."""
        letter = said.letter
        initial: dict[str, Any] = {"version": letter_version(said)}
        source = letter or letter_of(said.pack or last_pack(said.decision.participation))
        if source is not None:
            initial |= {
                "recipient": source.recipient_id,
                "recipient_name": source.recipient_name,
                "email": source.email,
                "address": source.address,
            }
        initial |= {"subject": letter.subject, "body": letter.body} if letter else begins
        initial["filled_from"] = sealed(letter.filled_from if letter else facts_of(said))
        form = cls(data, initial=initial)
        form.said = said
        form.offer(said.decision.participation, source)
        form.ask_what_it_lacks()
        return form

    def ask_what_it_lacks(self) -> None:
        """Offer to send it without a reason, where it says no and not why; without what continues, where that is open;
        and as it is, where something has changed since it was written.
        """
        pack, body = self.said.pack, str(self["body"].value() or "")
        if self.said.kind not in KindOfNo.values or says(body, pack.reason if pack else ""):
            self.fields.pop("without_reason", None)
        if self.said.kind != KindOfLetter.STEP_DOWN or (pack is not None and pack.continues.strip()):
            self.fields.pop("without_continues", None)
        if not self.changed:
            self.fields.pop("as_it_is", None)

    @property
    def changed(self) -> list[Changed]:
        """What has changed since the words that stand in the form were written, and is not said in them."""
        if self.said.letter is None:
            return []
        shown = copy(self.said.letter)
        shown.subject, shown.body = str(self["subject"].value() or ""), str(self["body"].value() or "")
        shown.filled_from = opened(str(self["filled_from"].value() or "")) or shown.filled_from
        return to_be_asked(shown)

    @property
    def greets_another(self) -> str:
        """How the letter opens, where that is not to whom it is for."""
        return greets_another(str(self["body"].value() or ""), str(self["recipient_name"].value() or ""))

    def offer(self, participation: Participation, letter: Letter | None) -> None:
        """The members of today, and whom the letter is for although they have left."""
        members = members_of(participation, timezone.localdate())
        if letter is not None and letter.recipient is not None and letter.recipient not in members:
            members.append(letter.recipient)
        field: Any = self.fields["recipient"]
        field.choices = [("", "Nobody in particular"), *((one.pk, one.display_name) for one in members)]
        if not members:
            del self.fields["recipient"]
        if letter is None or not left_on(letter, timezone.localdate()):
            del self.fields["although_left"]

    def clean_recipient_name(self) -> str:
        return " ".join(self.cleaned_data["recipient_name"].split())

    def clean_subject(self) -> str:
        return " ".join(self.cleaned_data["subject"].split())

    def clean(self) -> dict[str, Any]:
        """The greeting follows the name, where it is the template’s own."""
        cleaned = super().clean() or {}
        if "body" in cleaned and "recipient_name" in cleaned:
            letter = self.said.letter
            cleaned["body"] = greeted(
                cleaned["body"],
                template_of(self.said.decision.organisation, self.said.kind)[1],
                before=[letter.recipient_name] if letter and letter.recipient_name else [],
                name=cleaned["recipient_name"],
            )
        return cleaned

    def words(self) -> Words:
        given = self.cleaned_data
        texts = {name: given[name] for name in ("recipient_name", "email", "address", "subject", "body")}
        return Words(recipient=given.get("recipient"), **texts)

    def begin_from(self, letter: Letter) -> None:
        """Be of the letter as it is stored now, should the form be shown again."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        self.said = replace(self.said, letter=letter, pack=letter.kind_no)
        data["version"], data["body"] = letter_version(self.said), letter.body
        self.data = data
        if self.changed and "as_it_is" not in self.fields:
            self.fields["as_it_is"] = deepcopy(self.base_fields["as_it_is"])

    def begin_again(self, subject: str, body: str) -> None:
        """Put the template's words in the place of what was typed, which nobody has saved yet."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["subject"], data["body"] = subject, body
        data["filled_from"] = sealed(facts_of(self.said))
        self.data = data
        self.errors.clear()
        self.ask_what_it_lacks()


class LetterTemplateForm(VersionedForm):
    subject = forms.CharField(label="Subject", max_length=200)
    body = LongTextField(
        label="The letter",
        max_length=LONGEST_LETTER,
        help_text="Leave an empty line between paragraphs. Do not enter anything about patients.",
        widget=forms.Textarea(attrs={"rows": 22}),
    )

    @classmethod
    def of(cls, organisation: Organisation, kind: KindOfLetter, data: QueryDict | None = None) -> LetterTemplateForm:
        subject, body = template_of(organisation, kind)
        version = template_version(organisation, kind)
        return cls(data, initial={"subject": subject, "body": body, "version": version})

    @property
    def known_fields(self) -> list[tuple[str, str]]:
        return [(f"{{{name}}}", words) for name, words in FIELDS.items()]
