"""The rows a budget owns, each kind with its list and form."""

from django.contrib import admin
from django.utils.html import format_html, format_html_join

from budget.administration import BudgetRowAdmin, BudgetRowForm
from budget.models import (
    AssetHolding,
    DraftRow,
    Duty,
    Execution,
    IncomeEstimate,
    Item,
    LastYearFigure,
    Line,
    ProcurementLine,
    Reason,
    SpecialTransfer,
    Staffing,
)


@admin.register(Item)
class ItemAdmin(BudgetRowAdmin):
    shown = ("name", "category", "code", "nature")
    searched = ("name", "code")
    list_filter = (*BudgetRowAdmin.list_filter, "category")
    kept = ("category", "name", "code", "nature", "position")

    def label(self, obj):
        budget = obj.budget
        return f"{obj.name}（{obj.get_category_display()}，{budget.unit.code} {budget.year}年{budget.stage_name}）"

    def label_in_scope(self, obj):
        return f"{obj.name}（{obj.get_category_display()}）"


@admin.register(Line)
class LineAdmin(BudgetRowAdmin):
    shown = ("item", "function", "economic", "government", "fund", "carried_over", "amount")
    searched = ("item__name", "^function__code", "function__name", "^economic__code", "economic__name")
    kept = ("function", "economic", "government", "fund", "carried_over", "amount")


@admin.register(DraftRow)
class DraftRowAdmin(BudgetRowAdmin):
    """To be read: half-typed rows are mended where they were typed."""

    add_action = change_action = delete_action = None
    shown = ("position", "typed_by")
    kept = ("position", "typed_by", "cells_told")

    def get_readonly_fields(self, request, obj=None):
        return ("budget", *self.kept)

    @admin.display(description="单元格")
    def cells_told(self, obj):
        cells = format_html_join("", "<dt>{}</dt><dd>{}</dd>", (obj.cells or {}).items())
        return format_html("<dl>{}</dl>", cells)


@admin.register(IncomeEstimate)
class IncomeEstimateAdmin(BudgetRowAdmin):
    shown = ("fund", "carried_over", "amount", "basis")
    searched = ("fund__name", "fund__label", "basis")
    kept = ("fund", "carried_over", "amount", "basis")


@admin.register(Staffing)
class StaffingAdmin(BudgetRowAdmin):
    shown = ("established", "administrative", "institution", "worker", "in_office", "retired")
    kept = shown


@admin.register(AssetHolding)
class AssetHoldingAdmin(BudgetRowAdmin):
    shown = ("kind", "value", "number")
    kept = shown


@admin.register(Execution)
class ExecutionAdmin(BudgetRowAdmin):
    shown = ("kind", "adjusted", "paid")
    kept = shown


class ProcurementForm(BudgetRowForm):
    """A procurement; its project is one of the same budget."""

    def clean(self):
        cleaned = super().clean()
        item, budget = cleaned.get("item"), cleaned.get("budget") or (self.instance.pk and self.instance.budget)
        if item is not None and budget and item.budget_id != budget.pk:
            self.add_error("item", "所属项目须是同一预算的项目。")
        return cleaned


@admin.register(ProcurementLine)
class ProcurementLineAdmin(BudgetRowAdmin):
    form = ProcurementForm
    shown = ("name", "kind", "item", "quantity", "measure", "amount")
    searched = ("name", "item__name")
    kept = ("kind", "name", "item", "quantity", "measure", "amount")


@admin.register(SpecialTransfer)
class SpecialTransferAdmin(BudgetRowAdmin):
    shown = ("name", "amount")
    searched = ("name",)
    kept = shown


@admin.register(Reason)
class ReasonAdmin(BudgetRowAdmin):
    shown = ("topic", "text")
    searched = ("text",)
    kept = shown


@admin.register(Duty)
class DutyAdmin(BudgetRowAdmin):
    shown = ("position", "text")
    searched = ("text",)
    kept = shown


@admin.register(LastYearFigure)
class LastYearFigureAdmin(BudgetRowAdmin):
    shown = ("table", "row", "column", "amount", "source")
    searched = ("table", "row", "column", "source")
    kept = shown
