"""The fields of our forms: each with its name for the ear, its help and its error beside it."""

from django import forms, template
from django.forms.utils import flatatt
from django.utils.html import format_html

register = template.Library()


@register.simple_tag
def typed(bound, *, label=True, autofocus=False):
    """The field itself. `label`: it has no label of its own on the page, so it carries one."""
    row = bound.form
    attrs = {}
    described = [f"help-{row.rows.name}-{bound.name}"] if bound.help_text else []
    if bound.errors:
        described.append(f"{bound.auto_id}_error")
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if label:
        attrs["aria-label"] = f"{row.place_in_words}，{bound.label}"
    if autofocus:
        attrs["autofocus"] = True
    if not row.draft.is_writable:
        simple = isinstance(bound.field.widget, (forms.CheckboxInput, forms.Select))
        attrs["disabled" if simple else "readonly"] = True
    if type(bound.field.widget) is forms.TextInput:
        return _input(bound, attrs)
    return bound.as_widget(attrs=attrs)


def _input(bound, attrs: dict):
    """A text input, without a template of its own: a long page has thousands."""
    attrs = bound.build_widget_attrs({**bound.field.widget.attrs, **attrs})
    value = bound.value()
    if value not in (None, ""):
        attrs["value"] = value
    return format_html('<input type="text" name="{}" id="{}"{}>', bound.html_name, bound.auto_id, flatatt(attrs))


@register.filter
def fen(amount_fen: int, draft) -> str:
    """分 → as it is printed on the page."""
    return draft.printed(amount_fen)


@register.filter
def fen_or_blank(amount_fen: int, draft) -> str:
    """分 → as it is printed on the page; nothing for nothing."""
    return draft.printed(amount_fen) if amount_fen else ""
