"""Units, kept by the system administrator."""

from django.contrib import admin

from budget.models import Budget
from organisation.administration import GuardedForm
from organisation.models import Unit
from records.administration import RecordedAdmin


class UnitForm(GuardedForm):
    """A unit; its code and place in the tree are fixed once a budget of it, or of one below it, was submitted."""

    def clean(self):
        cleaned = super().clean()
        moved = {"code", "parent"} & set(self.changed_data)
        if self.instance.pk and moved:
            below = Unit.objects.filter(path__startswith=Unit.objects.get(pk=self.instance.pk).path)
            if Budget.objects.filter(unit__in=below).exclude(state=Budget.State.DRAFT).exists():
                for name in sorted(moved):
                    self.add_error(name, "已有送审的预算使用该单位，单位代码和上级单位不能再改。")
        return cleaned


@admin.register(Unit)
class UnitAdmin(RecordedAdmin):
    chain = "organisation"
    form = UnitForm
    unit_path = ""
    view_actions = ("view", "manage_units", "grant_roles")
    add_action = change_action = delete_action = "manage_units"
    related = ("parent",)
    list_display = ("code", "name", "short_name", "parent", "kind", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("code", "name", "short_name")
    search_help_text = "单位代码、名称、简称"
    ordering = ("path",)
    fields = (
        "code",
        "name",
        "short_name",
        "parent",
        "kind",
        "division",
        "credit_code",
        "level_note",
        "is_active",
    )

    def offered(self, request, name, rows):
        return rows.filter(is_active=True)
