"""Small pieces of the NHS design system for Django templates; built in, so that no page has to load them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.forms import BaseForm
from django.forms.renderers import get_default_renderer
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def nhs(component: str, **parameters: Any) -> SafeString:
    """Any component by its name in the design system: ``{% nhs "tag" text="Draft" classes="nhsuk-tag--grey" %}``."""
    renderer: Any = get_default_renderer()
    html: SafeString = renderer.component(component, parameters)
    return html


@register.inclusion_tag("components/error_summary.html")
def error_summary(*some_forms: BaseForm) -> dict[str, Any]:
    """What is wrong on the page, each line leading to its field; empty while nothing is."""
    errors: list[dict[str, str]] = []
    for form in some_forms:
        if not form or not form.is_bound:
            continue
        errors += [{"text": str(text), "target": ""} for text in form.non_field_errors()]
        for bound in form:
            target = bound.field.widget.id_for_label(bound.auto_id) or bound.auto_id
            errors += [{"text": str(text), "target": str(target)} for text in bound.errors]
    return {"errors": errors}


@register.filter
def days(value: Decimal | float | None) -> str:
    """A number of days as people say it: no trailing zeros, at most one place."""
    if value is None:
        return "–"
    return f"{value:.1f}".removesuffix(".0")


@register.filter
def figure(value: Decimal | None) -> str:
    """A number as somebody entered it, without the zeros that the database's column adds."""
    if value is None:
        return "–"
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def in_sentence(name: str) -> str:
    """A name in the middle of a sentence: a plain first word loses its capital; "IT" keeps its own."""
    first = name.split(" ", 1)[0]
    return name[:1].lower() + name[1:] if first[1:].islower() else name


@register.filter
def has_errors(form: BaseForm | None) -> bool:
    return bool(form and form.is_bound and form.errors)
