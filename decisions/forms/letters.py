"""A letter to a partner, and an organisation's templates for such letters."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from decisions.actions.kind_noes import last_pack
from decisions.actions.letters import Words, letter_version, template_version
from decisions.letter_fields import FIELDS
from decisions.models import Decision, KindOfNo, Letter
from decisions.recipients import left_on, members_of
from decisions.saying_no import kind_no_of, letter_of, template_of
from design.fields import LongTextField
from partnerships.forms.versioned import VersionedForm
from partnerships.models import Organisation

LONGEST_LETTER = 8000


class LetterForm(VersionedForm):
    """``of`` fills it from what is stored; a new one has the words that it is given."""

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
    although_left = forms.BooleanField(label="Send it although they have left the partnership", required=False)

    @classmethod
    def of(cls, decision: Decision, data: QueryDict | None = None, **begins: str) -> LetterForm:
        """``begins`` are the subject and the text of a letter in which nobody has written yet."""
        letter = letter_of(kind_no_of(decision))
        initial: dict[str, Any] = {"version": letter_version(decision, letter)}
        source = letter or _letter_before(decision)
        if source is not None:
            initial |= {
                "recipient": source.recipient_id,
                "recipient_name": source.recipient_name,
                "email": source.email,
                "address": source.address,
            }
        initial |= {"subject": letter.subject, "body": letter.body} if letter else begins
        form = cls(data, initial=initial)
        form.offer(decision, source)
        return form

    def offer(self, decision: Decision, letter: Letter | None) -> None:
        """The members of today, and whom the letter is for although they have left."""
        members = members_of(decision.participation, timezone.localdate())
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

    def words(self) -> Words:
        given = self.cleaned_data
        texts = {name: given[name] for name in ("recipient_name", "email", "address", "subject", "body")}
        return Words(recipient=given.get("recipient"), **texts)

    def begin_from(self, letter: Letter) -> None:
        """Be of the letter as it is stored now, should the form be shown again."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["version"] = letter_version(letter.kind_no.decision, letter)
        self.data = data

    def begin_again(self, subject: str, body: str) -> None:
        """Put the template's words in the place of what was typed, which nobody has saved yet."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["subject"], data["body"] = subject, body
        self.data = data
        self.errors.clear()


def _letter_before(decision: Decision) -> Letter | None:
    """To whom the letter of the decision before went, or was to go."""
    return letter_of(last_pack(decision.participation))


class LetterTemplateForm(VersionedForm):
    subject = forms.CharField(label="Subject", max_length=200)
    body = LongTextField(
        label="The letter",
        max_length=LONGEST_LETTER,
        help_text="Leave an empty line between paragraphs. Do not enter anything about patients.",
        widget=forms.Textarea(attrs={"rows": 22}),
    )

    @classmethod
    def of(cls, organisation: Organisation, kind: KindOfNo, data: QueryDict | None = None) -> LetterTemplateForm:
        subject, body = template_of(organisation, kind)
        version = template_version(organisation, kind)
        return cls(data, initial={"subject": subject, "body": body, "version": version})

    @property
    def known_fields(self) -> list[tuple[str, str]]:
        return [(f"{{{name}}}", words) for name, words in FIELDS.items()]
