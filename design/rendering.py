"""Forms in the NHS design system: every field is drawn by nhsuk-frontend-jinja's own component.

A page writes ``{{ form.days.as_field_group }}`` or ``{{ form }}``; which component that becomes, and with what label,
hint and error, is decided here once.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from jinja2 import ChainableUndefined, Environment, PackageLoader

from design.fields import DayMonthYearWidget

# Attributes of a widget that name something of the component's rather than of the input element.
COMPONENT_ATTRIBUTES = (
    "width",
    "suffix",
    "prefix",
    "rows",
    "inputmode",
    "autocomplete",
    "spellcheck",
    "inline",
    "small",
)
# What Django or a form puts there for us, and what must not reach the page: limits on a text box would cut off what
# people paste without telling them; our own messages say it instead.
NOT_ON_THE_ELEMENT = (
    "legend_size",
    "cols",
    "label",
    "label_context",
    "optional",
    "maxlength",
    "minlength",
    "min",
    "max",
    "step",
)


class NHSFormRenderer(TemplatesSetting):
    form_template_name = "design/form.html"
    field_template_name = "design/field"

    @cached_property
    def components(self) -> Environment:
        return Environment(
            loader=PackageLoader("nhsuk_frontend_jinja"),
            autoescape=True,
            undefined=ChainableUndefined,
            trim_blocks=True,
        )

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> SafeString:
        if template_name != self.field_template_name:
            return SafeString(super().render(template_name, context, request))  # nosec B703
        component, parameters = component_of(context["field"])
        return self.component(component, parameters)

    def component(self, name: str, parameters: dict[str, Any]) -> SafeString:
        """One NHS component as HTML; ``parameters`` are those of the design system's manual."""
        template = self.components.get_template(f"nhsuk/components/{name}/template.jinja")
        # Jinja escaped every parameter that is not already markup.
        return SafeString(template.render(params=parameters).strip())  # nosec B703


def component_of(bound: forms.BoundField) -> tuple[str, dict[str, Any]]:
    """The name and parameters of the NHS component that draws a bound field."""
    widget = bound.field.widget
    if widget.is_hidden or widget.attrs.get("plain"):
        raise ValueError(f"The field {bound.name} has no NHS component: render it as {{{{ field }}}}.")
    if isinstance(widget, DayMonthYearWidget):
        return "date-input", _date(bound, widget)
    if isinstance(widget, forms.CheckboxInput):
        return "checkboxes", _single_checkbox(bound)
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "checkboxes", {**_grouped(bound), "items": _choices(bound), "values": _chosen(bound)}
    if isinstance(widget, forms.RadioSelect):
        return "radios", {**_grouped(bound), "items": _choices(bound), "value": _plain(bound.value())}
    if isinstance(widget, forms.Select):
        return "select", {**_labelled(bound), "items": _choices(bound), "value": _plain(bound.value())}
    if isinstance(widget, forms.Textarea):
        return "textarea", {**_labelled(bound), "value": _plain(bound.value())}
    if isinstance(widget, forms.FileInput):
        # The design system's own file upload renames the box by script to "No file chosen", which then no longer
        # answers to its label (WCAG 2.5.3); the browser's own is understood everywhere.
        return "input", {**_labelled(bound), "type": "file", "classes": "file-input"}
    parameters = {
        **_labelled(bound),
        "type": getattr(widget, "input_type", "text"),
        "value": _plain(bound.value()),
    }
    if isinstance(widget, forms.PasswordInput):
        parameters["value"] = None
        return "password-input", parameters
    if isinstance(widget, forms.NumberInput):
        # Numbers are typed as text with a numeric keyboard: spinners lose what people enter (GOV.UK and NHS guidance).
        parameters |= {"type": "text", "inputmode": widget.attrs.get("inputmode", "decimal")}
    return "input", parameters


def _plain(value: Any) -> str:
    """As text: the components take the number 0 for no value at all."""
    return "" if value is None else str(value)


def _shared(bound: forms.BoundField) -> dict[str, Any]:
    attributes = dict(bound.field.widget.attrs)
    parameters: dict[str, Any] = {"id": bound.id_for_label or bound.auto_id, "idPrefix": bound.auto_id}
    parameters["name"] = bound.html_name
    parameters |= {name: attributes.pop(name) for name in COMPONENT_ATTRIBUTES if name in attributes}
    parameters["classes"] = attributes.pop("class", "")
    for name in NOT_ON_THE_ELEMENT:
        attributes.pop(name, None)
    if bound.field.disabled:
        parameters["disabled"] = True
    if bound.help_text:
        parameters["hint"] = {"html": conditional_escape(bound.help_text)}
    if bound.errors:
        parameters["errorMessage"] = {"text": bound.errors[0]}
    parameters["attributes"] = {name: value for name, value in attributes.items() if value is not False}
    return parameters


def _label(bound: forms.BoundField) -> str:
    """The label, which says of a field that may stay empty that it may (``optional: "unsaid"`` keeps that quiet)."""
    widget = bound.field.widget
    said = widget.attrs.get("optional") != "unsaid" and not isinstance(widget, forms.CheckboxInput)
    optional = said and not bound.field.required
    return f"{bound.label} (optional)" if optional and bound.label else str(bound.label)


def _labelled(bound: forms.BoundField) -> dict[str, Any]:
    classes = "nhsuk-u-visually-hidden" if bound.field.widget.attrs.get("label") == "hidden" else ""
    # Where one label stands many times on a page, those who hear it are also told which of them this is.
    context = bound.field.widget.attrs.get("label_context")
    return {**_shared(bound), "label": {"text": _label(bound), "classes": classes, "visuallyHiddenText": context}}


def _grouped(bound: forms.BoundField) -> dict[str, Any]:
    size = bound.field.widget.attrs.get("legend_size", "s")
    return {
        **_without_id(_shared(bound)),
        "fieldset": {"legend": {"text": _label(bound), "classes": f"nhsuk-fieldset__legend--{size}"}},
    }


def _without_id(parameters: dict[str, Any]) -> dict[str, Any]:
    """For a group of inputs: the first of them has the field's id, so that the group may not have it too."""
    return {name: value for name, value in parameters.items() if name != "id"}


def _chosen(bound: forms.BoundField) -> list[str]:
    return [str(value) for value in bound.value() or []]


def _choices(bound: forms.BoundField) -> list[dict[str, Any]]:
    """Each choice, with its hint (``choice_hints``) and the fields that ticking it opens (``conditional_fields``)."""
    hints = getattr(bound.field, "choice_hints", {})
    opened = getattr(bound.field, "conditional_fields", {})
    items = []
    for value, label in bound.field.choices:  # type: ignore[attr-defined]
        item: dict[str, Any] = {"value": str(value), "text": str(label)}
        if str(value) in hints:
            item["hint"] = {"text": hints[str(value)]}
        if str(value) in opened:
            fields = [bound.form[name].as_field_group() for name in opened[str(value)]]
            item["conditional"] = {
                "html": format_html('<div class="opened-fields">{}</div>', SafeString("".join(fields)))  # nosec B703
            }
        items.append(item)
    return items


def _single_checkbox(bound: forms.BoundField) -> dict[str, Any]:
    parameters = _without_id(_shared(bound))
    return {**parameters, "items": [{"value": "on", "text": bound.label, "checked": bool(bound.value())}]}


def _date(bound: forms.BoundField, widget: DayMonthYearWidget) -> dict[str, Any]:
    values = widget.parts_of(bound.value())
    error = " nhsuk-input--error" if bound.errors else ""
    items = [
        {
            "id": f"{bound.auto_id}-{part}",
            "name": f"{bound.html_name}-{part}",
            "label": part.capitalize(),
            "value": values[part],
            "classes": f"nhsuk-input--width-{4 if part == 'year' else 2}{error}",
        }
        for part in widget.PARTS
    ]
    return {**_grouped(bound), "id": bound.auto_id, "items": items}
