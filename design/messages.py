"""What a form says when something is not right: always what to do, in words that name the field."""

from __future__ import annotations

from typing import Any

from django import forms


class PlainMessages:
    """Mixed into a form: every message that the form's author did not write is put in plain words."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.speak_plainly()

    def speak_plainly(self) -> None:
        """Also to be called by a form that adds fields after this class's ``__init__``."""
        for name, field in self.fields.items():
            _speak_plainly(field, _in_a_sentence(str(field.label or name.replace("_", " "))))


ASKS = {"what", "where", "who", "whom", "whose", "how", "when", "why", "which", "whether", "your", "our", "the"}


def _in_a_sentence(label: str) -> str:
    """A label after a verb: "Name" becomes "the name", "NHS body" "the NHS body", "Where it is" "where it is"."""
    small = label if label[:2].isupper() else label[:1].lower() + label[1:]
    return small if small.split(" ", 1)[0] in ASKS else f"the {small}"


def _speak_plainly(field: forms.Field, label: str) -> None:
    chosen = isinstance(field, forms.ChoiceField)
    plain = {
        "null_characters_not_allowed": f"Enter {label} again: it has a character in it that cannot be stored.",
        "required": f"Choose {label}." if chosen else f"Enter {label}.",
        "max_length": f"Shorten {label} to %(limit_value)d characters or fewer. It has %(show_value)d.",
        "min_value": f"Enter {label} as %(limit_value)s or more.",
        "max_value": f"Enter {label} as %(limit_value)s or less.",
    }
    if chosen:
        plain["invalid_choice"] = f"Choose {label} from the list."
    if isinstance(field, forms.DecimalField | forms.IntegerField):
        plain["invalid"] = f"Enter {label} as a number, such as 2."
        plain["max_decimal_places"] = f"Enter {label} with fewer decimal places: %(max)s at most."
        plain["max_digits"] = plain["max_whole_digits"] = f"Enter {label} as a smaller number."
    if isinstance(field, forms.EmailField):
        plain["invalid"] = f"Enter {label} in full, such as name@example.org."
    defaults: dict[str, Any] = {}
    for kind in reversed(type(field).__mro__):
        defaults.update(getattr(kind, "default_error_messages", {}))
    for code, text in plain.items():
        if field.error_messages.get(code) == defaults.get(code):
            field.error_messages[code] = text
