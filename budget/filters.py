"""What lists can be narrowed to, each by a plain form that works by GET."""

import django_filters as filters
from django.db.models import Q

from .models import BASIC_CATEGORIES, PROJECT_CATEGORIES, Category, FunctionalClass, FundSource, Item, Line


class RowFilter(filters.FilterSet):
    """The base for rows of a budget: a search text, and the unit where there are several."""

    q = filters.CharFilter(label="查找", method="search")
    unit = filters.ChoiceFilter(label="单位", empty_label="全部单位", choices=())

    BUDGET = "budget"
    SEARCHED: tuple[str, ...] = ()
    SEARCHED_FROM_THE_START: tuple[str, ...] = ()  # codes

    def __init__(self, data, queryset, *, budgets):
        super().__init__(data, queryset)
        self.budgets = budgets
        if len(budgets) > 1:
            self.filters["unit"].field_name = f"{self.BUDGET}__unit__code"
            self.filters["unit"].extra["choices"] = [(budget.unit.code, budget.unit_name) for budget in budgets]
        else:
            del self.filters["unit"]

    def search(self, rows, name, text):
        """Every word of the text is in a name or begins a code."""
        for word in text.split():
            q = Q(*((f"{path}__icontains", word) for path in self.SEARCHED), _connector=Q.OR)
            q |= Q(*((f"{path}__startswith", word) for path in self.SEARCHED_FROM_THE_START), _connector=Q.OR)
            rows = rows.filter(q)
        return rows


class LineFilter(RowFilter):
    category = filters.ChoiceFilter(
        label="项目类别", empty_label="全部类别", field_name="item__category", choices=Category.choices
    )
    function = filters.ChoiceFilter(
        label="功能分类", empty_label="全部类", field_name="function__code", lookup_expr="startswith", choices=()
    )
    fund = filters.ChoiceFilter(label="资金性质", empty_label="全部资金", field_name="fund__code", choices=())
    carried_over = filters.ChoiceFilter(
        label="年度", empty_label="全部", choices=[("0", "本年安排"), ("1", "上年结转结余")]
    )

    BUDGET = "item__budget"
    SEARCHED = ("item__name", "function__name", "economic__name", "government__name")
    SEARCHED_FROM_THE_START = ("item__code", "function__code", "economic__code", "government__code")

    class Meta:
        model = Line
        fields = ()

    def __init__(self, data, queryset, *, budgets):
        super().__init__(data, queryset, budgets=budgets)
        classes = FunctionalClass.objects.of(budgets[0].campaign.edition_id).filter(parent=None, is_unspecified=False)
        self.filters["function"].extra["choices"] = [(one.code, str(one)) for one in classes]
        funds = FundSource.objects.of(budgets[0].campaign.edition_id).leaves()
        self.filters["fund"].extra["choices"] = [(fund.code, str(fund)) for fund in funds]


class _ItemFilter(RowFilter):
    SEARCHED = ("name",)
    SEARCHED_FROM_THE_START = ("code",)

    class Meta:
        model = Item
        fields = ()


class BasicItemFilter(_ItemFilter):
    category = filters.ChoiceFilter(
        label="项目类别",
        empty_label="全部类别",
        choices=[choice for choice in Category.choices if choice[0] in BASIC_CATEGORIES],
    )


class ProjectFilter(_ItemFilter):
    category = filters.ChoiceFilter(
        label="项目类别",
        empty_label="全部类别",
        choices=[choice for choice in Category.choices if choice[0] in PROJECT_CATEGORIES],
    )
