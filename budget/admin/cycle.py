"""Campaigns with their stages, and budgets: begun here, and their lines kept in one form."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.urls import path, reverse
from django.utils.html import format_html

from budget import drafts
from budget.administration import BudgetRowAdmin, StageFilter, UnitFilter, YearFilter, refusals
from budget.models import Budget, Campaign, CampaignStage, stage_name, stage_order
from budget.reporting import registry
from organisation.administration import GuardedForm, GuardedInline, LoadedFormSet
from organisation.models import Unit
from organisation.rights import can
from records.administration import VIA, RecordedAdmin, address_of

from .classifications import SettingsAdmin
from .line_page import line_page

STAGES = [(code, stage_name(code)) for code in ("first", "second", "approved")]
STAGES += [(f"adjusted-{number}", stage_name(f"adjusted-{number}")) for number in range(1, 10)]
BEGUN = [one for one in STAGES if one[0] != "approved"]


class StageForm(forms.ModelForm):
    code = forms.ChoiceField(label="阶段", choices=STAGES)


class StageFormSet(LoadedFormSet):
    """A stage that has budgets stays."""

    def clean(self):
        super().clean()
        used = None
        for form in self.initial_forms:
            gone = form in self.deleted_forms or "code" in form.changed_data
            if gone and used is None:
                used = set(Budget.objects.filter(campaign=self.instance).values_list("stage", flat=True).distinct())
            if gone and form.initial.get("code") in used:
                raise ValidationError(f"“{stage_name(form.initial['code'])}”阶段已有预算，不能删除或改为其他阶段。")


class StageInline(GuardedInline):
    model = CampaignStage
    form = StageForm
    formset = StageFormSet
    fields = ("code", "opens", "due")
    show_change_link = True  # to its review steps
    verbose_name_plural = "编制阶段（保存后，打开各阶段设置审核步骤）"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("campaign")


def table_sets():
    return [(key, declared.title) for key, declared in registry.sets().items()]


class CampaignForm(GuardedForm):
    table_set = forms.ChoiceField(label="表套", choices=table_sets)


@admin.register(Campaign)
class CampaignAdmin(SettingsAdmin):
    """A year's compilation; once it has budgets its year and edition are fixed."""

    form = CampaignForm
    inlines = (StageInline,)
    related = ("edition",)
    list_display = ("year", "edition", "table_set_told", "stages_told", "entry_step")
    search_fields = ("=year",)
    fields = (
        "year",
        "edition",
        "table_set",
        "entry_step",
        "pair_severity",
        "allow_unspecified_economic",
        "allow_unspecified_function",
        "control_mode",
        "reason_percent",
        "reason_amount",
        "authority",
    )

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("stages")

    def get_readonly_fields(self, request, obj=None):
        return ("year", "edition") if obj is not None and obj.budgets.exists() else ()

    @admin.display(description="表套")
    def table_set_told(self, obj):
        return dict(table_sets()).get(obj.table_set, obj.table_set)

    @admin.display(description="阶段")
    def stages_told(self, obj):
        return "、".join(stage_name(code) for code in sorted((one.code for one in obj.stages.all()), key=stage_order))


class BudgetForm(GuardedForm):
    """The first row of a new budget, or the name under which a draft prints its unit."""

    writer_checks = True
    stage = forms.ChoiceField(label="阶段", choices=BEGUN)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields.pop("stage", None)
            self.initial["seen"] = self.instance.version
        if self.is_bound and self.refusal and self.refusal.seen is not None:
            self.data = self.data.copy()
            self.data["seen"] = str(self.refusal.seen)


@admin.register(Budget)
class BudgetAdmin(RecordedAdmin):
    """Begun by who may edit the unit's budgets; of a draft's own row the finance administrator sets the unit's name."""

    form = BudgetForm
    add_action = "edit"
    change_action = "configure"
    unit_path = "unit"
    related = ("unit", "campaign", "based_on__campaign", "submitted_by")
    list_display = ("unit_told", "year_told", "stage_told", "revision", "state", "version", "created", "lines_link")
    list_filter = (UnitFilter, YearFilter, StageFilter, "state")
    search_fields = ("unit__code", "unit__name", "unit_name", "=campaign__year")
    search_help_text = "单位代码、名称、年度"
    ordering = ("-campaign__year", "unit__path", "pk")
    change_form_template = "admin/budget/budget/change_form.html"
    told = (
        "unit",
        "campaign",
        "stage_told",
        "revision",
        "state",
        "version",
        "based_on",
        "document_number",
        "document_date",
        "created",
        "submitted",
        "submitted_by_told",
    )

    @admin.display(description="单位", ordering="unit__path")
    def unit_told(self, obj):
        return f"{obj.unit.code} {obj.unit_name}"

    @admin.display(description="年度", ordering="campaign__year")
    def year_told(self, obj):
        return f"{obj.year}年"

    @admin.display(description="阶段", ordering="stage")
    def stage_told(self, obj):
        return obj.stage_name

    @admin.display(description="送审人")
    def submitted_by_told(self, obj):
        return str(obj.submitted_by or "")

    @admin.display(description="明细")
    def lines_link(self, obj):
        address = reverse("admin:budget_budget_lines", args=[obj.pk])
        return format_html('<a href="{}">预算明细表</a>', address)

    def label(self, obj):
        return f"{obj.unit.code} {obj}"

    # ---- rights and fields

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.is_draft)

    def get_fields(self, request, obj=None):
        if obj is None:
            return ("unit", "campaign", "stage")
        seen = ("seen",) if self.has_change_permission(request, obj) else ()
        return ("unit_name", *self.told, *seen)

    def get_readonly_fields(self, request, obj=None):
        return self.told if obj is not None else ()

    def offered(self, request, name, rows):
        if name != "unit":
            return rows
        return rows.filter(pk__in=Unit.objects.where_allowed(request.user, "edit"), is_active=True)

    def chain_of(self, obj):
        return obj.chain

    # ---- writing

    def save_model(self, request, obj, form, change):
        how = {"by": request.user, "via": VIA, "address": address_of(request)}
        with refusals(Budget):
            if change:
                seen = form.cleaned_data.get("seen") or 0
                drafts.rename_unit(obj, form.cleaned_data["unit_name"], seen=seen, **how)
            else:
                opened = drafts.open_draft(obj.unit, obj.campaign, obj.stage, **how)
                obj.__dict__.update(opened.__dict__)

    # ---- pages

    def get_urls(self):
        page = self.admin_site.admin_view(self.lines_view)
        return [path("<int:budget_id>/lines/", page, name="budget_budget_lines"), *super().get_urls()]

    def lines_view(self, request, budget_id: int):
        return line_page(self, request, budget_id)

    lines_view.csrf_exempt = True  # the page reads its large form first and is then protected itself

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["explains_lock"] = True
        if obj is not None:
            may_add = obj.is_draft and can(request.user, "edit", obj)
            context["kinds"] = self._kinds(obj.pk, may_add)
        return super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)

    def _kinds(self, pk: int, may_add: bool) -> list[dict]:
        """What the budget owns, kind by kind, with the addresses of the list and of a new row."""
        return [
            {
                "name": model._meta.verbose_name_plural,
                "list": f"{_address(model, 'changelist')}?{page.path}__id__exact={pk}",
                "add": f"{_address(model, 'add')}?budget={pk}" if may_add and page.add_action else "",
            }
            for model, page in self.admin_site._registry.items()
            if isinstance(page, BudgetRowAdmin)
        ]


def _address(model, page: str) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}")
