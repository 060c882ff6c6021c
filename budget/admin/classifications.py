"""Editions, their codes and pairs, kept by the finance administrator. Locked names are refused by the database."""

from django.contrib import admin
from django.core.exceptions import ValidationError

from budget.models import (
    DepartmentEconomicClass,
    EconomicPair,
    Edition,
    FunctionalClass,
    FundSource,
    GovernmentEconomicClass,
)
from organisation.administration import GuardedForm, ValuesFilter, hangs_on
from records.administration import RecordedAdmin


class EditionFilter(ValuesFilter):
    title = "科目版本"
    parameter_name = "edition"

    def values(self, request, model_admin):
        return [(str(edition.pk), edition.name) for edition in Edition.objects.all()[:100]]

    def queryset(self, request, queryset):
        chosen = self.value() or ""
        return queryset.filter(edition=chosen) if chosen.isdecimal() else queryset


class SettingsAdmin(RecordedAdmin):
    """Seen by who sees budgets; kept by the finance administrator."""

    add_action = change_action = "configure"


@admin.register(Edition)
class EditionAdmin(SettingsAdmin):
    list_display = ("year", "name", "source", "loaded")
    search_fields = ("name", "=year")
    fields = ("year", "name", "source")

    def get_readonly_fields(self, request, obj=None):
        return ("year",) if obj else ()


class EditionRowForm(GuardedForm):
    """A row of an edition: what it names is of the same edition."""

    same_edition: tuple[str, ...] = ()

    def clean(self):
        cleaned = super().clean()
        edition = self.instance.edition_id if self.instance.pk else getattr(cleaned.get("edition"), "pk", None)
        for name in self.same_edition:
            value = cleaned.get(name)
            if value is not None and edition is not None and value.edition_id != edition:
                self.add_error(name, "须属于同一科目版本。")
        return cleaned


class EditionRowAdmin(SettingsAdmin):
    delete_action = "configure"
    list_filter = (EditionFilter,)
    leaves_only: tuple[str, ...] = ()

    def get_readonly_fields(self, request, obj=None):
        return ("edition",) if obj else ()

    def get_form(self, request, obj=None, change=False, **kwargs):
        request.edition_here = obj.edition_id if obj else request.GET.get("edition", "")
        return super().get_form(request, obj, change=change, **kwargs)

    def scope(self, request, name):
        edition = getattr(request, "edition_here", "")
        return {"edition": edition} if edition and name != "edition" else {}

    def offered(self, request, name, rows):
        if name == "edition":
            return rows
        edition = str(getattr(request, "edition_here", "") or request.GET.get("edition", ""))
        rows = rows.filter(edition=edition) if edition.isdecimal() else rows
        return rows.filter(is_leaf=True) if name in self.leaves_only else rows


class CodeForm(EditionRowForm):
    """A code: it stands below the code it begins with; money stands on leaves, so a leaf in use stays one."""

    same_edition = ("parent",)

    def clean(self):
        cleaned = super().clean()
        parent, code = cleaned.get("parent"), cleaned.get("code") or ""
        if parent is not None and not (code.startswith(parent.code) and code != parent.code):
            self.add_error("parent", f"{code} 不是 {parent.code} 的下级编码。")
        if parent is not None and parent.is_leaf:
            self.add_error("parent", f"{parent} 是末级科目，请先取消其“末级”。")
        if self.instance.pk and "is_leaf" in self.changed_data:
            self._check_leaf(cleaned.get("is_leaf"))
        return cleaned

    def _check_leaf(self, becomes_leaf: bool) -> None:
        if becomes_leaf and type(self.instance).objects.filter(parent=self.instance.pk).exists():
            self.add_error("is_leaf", "该科目有下级科目，不能设为末级。")
        _, used = hangs_on(type(self.instance), [self.instance])
        if not becomes_leaf and used:
            self.add_error("is_leaf", f"该科目已被使用（{'、'.join(used)}），须保持末级。")


class CodeAdmin(EditionRowAdmin):
    form = CodeForm
    related = ("edition", "parent")
    list_display = ("code", "name", "parent", "is_leaf", "status", "edition")
    list_filter = (EditionFilter, "is_leaf")
    search_fields = ("^code", "name")
    search_help_text = "科目编码、名称"
    fields = ("edition", "code", "name", "parent", "is_leaf", "status")

    def label(self, obj):
        return f"{obj}（{obj.edition.year}年）"


@admin.register(FunctionalClass)
class FunctionalClassAdmin(CodeAdmin):
    pass


@admin.register(DepartmentEconomicClass)
class DepartmentEconomicClassAdmin(CodeAdmin):
    pass


@admin.register(GovernmentEconomicClass)
class GovernmentEconomicClassAdmin(CodeAdmin):
    pass


@admin.register(FundSource)
class FundSourceAdmin(CodeAdmin):
    list_display = ("code", "name", "label_told", "parent", "is_leaf", "status", "edition")
    search_fields = ("^code", "name", "label")
    fields = ("edition", "code", "name", "label", "parent", "is_leaf", "status")

    @admin.display(description="录入名称", ordering="label")
    def label_told(self, obj):
        return obj.label


class PairForm(EditionRowForm):
    same_edition = ("economic", "government")

    def _post_clean(self):
        super()._post_clean()
        if not self.errors and self.instance.economic.is_unspecified:
            self.add_error("economic", ValidationError("“未细化”没有对应关系。"))


@admin.register(EconomicPair)
class EconomicPairAdmin(EditionRowAdmin):
    form = PairForm
    related = ("edition", "economic", "government")
    list_display = ("economic", "nature", "government", "status", "edition")
    list_filter = (EditionFilter, "nature")
    search_fields = ("^economic__code", "economic__name", "^government__code", "government__name")
    search_help_text = "科目编码、名称"
    fields = ("edition", "economic", "nature", "government", "status")
    leaves_only = ("economic", "government")
