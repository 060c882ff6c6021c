"""Every field says how it is filled in, and every field is understood."""

from budget.entry import execution, facts, income, lines, procurement
from budget.entry.fields import EntryField
from budget.entry.rows import RowForm
from performance import entry, entry_department
from projects import entry as project_entry

FORMS = {
    form
    for module in (execution, facts, income, lines, procurement, entry, entry_department, project_entry)
    for form in vars(module).values()
    if isinstance(form, type) and issubclass(form, RowForm) and hasattr(form, "model")
}


def test_every_field_has_help():
    assert len(FORMS) == 19
    fields = [(form.__name__, name, field) for form in FORMS for name, field in form.base_fields.items()]
    assert [(form, name) for form, name, field in fields if not field.help_text or not field.label] == []
    assert [(form, name) for form, name, field in fields if not isinstance(field, EntryField)] == []


def test_every_field_is_one_of_its_model():
    wrong = [
        f"{form.__name__}.{name}"
        for form in FORMS
        for name in form.base_fields
        if name not in {field.name for field in form.model._meta.concrete_fields}
    ]
    assert wrong == []
