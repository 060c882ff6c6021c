"""What is said of projects beside their money."""

from django.contrib import admin

from budget.administration import BudgetRowAdmin
from budget.models import PROJECT_CATEGORIES

from .models import CostDetail, Dossier


class ProjectRowAdmin(BudgetRowAdmin):
    """A row that hangs on a project."""

    searched = ("item__name", "item__code")

    def offered(self, request, name, rows):
        rows = super().offered(request, name, rows)
        return rows.filter(category__in=PROJECT_CATEGORIES) if name == "item" else rows


@admin.register(Dossier)
class DossierAdmin(ProjectRowAdmin):
    shown = ("item", "start_year", "end_year", "total_amount", "is_key", "is_withheld")
    kept = (
        "overview",
        "basis",
        "necessity",
        "feasibility",
        "plan",
        "costing",
        "start_year",
        "end_year",
        "total_amount",
        "spent_before",
        "continues",
        "is_key",
        "is_construction",
        "is_information_system",
        "is_withheld",
        "public_name",
        "withheld_reason",
        "contact",
        "contact_phone",
    )


@admin.register(CostDetail)
class CostDetailAdmin(ProjectRowAdmin):
    shown = ("content", "item", "quantity", "measure", "price", "amount_told")
    searched = ("content", "item__name")
    kept = ("content", "quantity", "measure", "price", "economic", "fund", "basis", "position")

    @admin.display(description="金额（元）")
    def amount_told(self, obj):
        return f"{obj.amount:.2f}"
