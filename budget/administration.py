"""Pages for the rows a budget owns: they are saved, added and removed by the one writer, and by nothing else."""

from collections import defaultdict

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction

from organisation.administration import GuardedForm, NotSaved, ValuesFilter
from organisation.models import Unit
from records.administration import VIA, RecordedAdmin, address_of, word

from . import cells, writing
from .fields import AmountField
from .models import Budget, stage_name, stage_order
from .models.classifications import ClassificationCode
from .reporting.money import YUAN, yuan


class AmountInput(forms.Field):
    """An amount in 元, read by the one grammar of cells."""

    widget = forms.TextInput

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.widget.attrs.update({"inputmode": "decimal", "class": "amount", "autocomplete": "off"})

    def to_python(self, value):
        try:
            fen = cells.parse_amount(value, YUAN, cells.FEN_STEP).fen
        except cells.Refusal as refusal:
            raise ValidationError(str(refusal)) from None
        return None if fen is None else yuan(fen)


class BudgetRowForm(GuardedForm):
    """A row of a budget as typed; `seen`: the version it was shown in."""

    writer_checks = True
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["seen"] = self.instance.version
        if self.is_bound and self.refusal and self.refusal.seen is not None:
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = str(self.refusal.seen)

    def typed(self) -> dict:
        """The values that differ from the row as it is stored."""
        own = {field.name for field in self.instance._meta.concrete_fields}
        return {name: self.cleaned_data[name] for name in self.changed_data if name in own}


class UnitFilter(ValuesFilter):
    title = "单位"
    parameter_name = "unit"

    def values(self, request, model_admin):
        units = Unit.objects.visible_to(request.user).filter(budgets__isnull=False).distinct()
        return [(unit.code, str(unit)) for unit in units[:100]]

    def queryset(self, request, queryset):
        return _of_budgets(self, queryset, "unit__code")


class YearFilter(ValuesFilter):
    title = "年度"
    parameter_name = "year"

    def values(self, request, model_admin):
        seen = Budget.objects.visible_to(request.user).order_by("-campaign__year")
        return [(str(year), f"{year}年") for year in seen.values_list("campaign__year", flat=True).distinct()]

    def queryset(self, request, queryset):
        return _of_budgets(self, queryset, "campaign__year")


class StageFilter(ValuesFilter):
    title = "阶段"
    parameter_name = "stage"

    def values(self, request, model_admin):
        seen = Budget.objects.visible_to(request.user).order_by().values_list("stage", flat=True).distinct()
        return [(stage, stage_name(stage)) for stage in sorted(seen, key=stage_order)]

    def queryset(self, request, queryset):
        return _of_budgets(self, queryset, "stage")


def _of_budgets(chosen, queryset, lookup: str):
    value = chosen.value()
    if not value or (lookup.endswith("year") and not value.isdecimal()):
        return queryset
    path = "__".join(getattr(queryset.model, "BUDGET_PATH", ()))
    return queryset.filter(**{f"{path}__{lookup}" if path else lookup: value})


class BudgetRowAdmin(RecordedAdmin):
    """A kind of rows that a budget owns.

    Seen by who sees the budget, written by who may edit it and only while it is a draft.
    """

    form = BudgetRowForm
    add_action = change_action = delete_action = "edit"
    list_filter = (UnitFilter, YearFilter, StageFilter)
    shown: tuple[str, ...] = ()  # columns of the list before that of the budget
    searched: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()  # fields of the form, without the owner

    def __init__(self, model, admin_site):
        super().__init__(model, admin_site)
        self.path = "__".join(model.BUDGET_PATH)
        self.owner = model.BUDGET_PATH[0]
        self.unit_path = f"{self.path}__unit"
        relations = [field.name for field in model._meta.concrete_fields if field.is_relation]
        self.related = (*relations, f"{self.path}__campaign", f"{self.path}__unit")
        self.list_display = (*self.shown, "budget_told")
        self.search_fields = (*self.searched, f"{self.path}__unit__code", f"{self.path}__unit_name")

    # ---- rights

    def budget_of(self, obj) -> Budget:
        return obj.budget

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or self.budget_of(obj).is_draft)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or self.budget_of(obj).is_draft)

    def lookup_allowed(self, lookup, value, request=None):
        return lookup == f"{self.path}__id__exact" or super().lookup_allowed(lookup, value, request)

    def chain_of(self, obj):
        return self.budget_of(obj).chain

    # ---- fields

    @admin.display(description="预算", ordering="pk")
    def budget_told(self, obj):
        budget = self.budget_of(obj)
        return f"{budget.unit.code} {budget.year}年{budget.stage_name}（{budget.get_state_display()}）"

    def get_fields(self, request, obj=None):
        seen = ("seen",) if obj is not None and self.has_change_permission(request, obj) else ()
        return (self.owner, *self.kept, *seen)

    def get_readonly_fields(self, request, obj=None):
        return (self.owner,) if obj is not None else ()

    def get_form(self, request, obj=None, change=False, **kwargs):
        budget = self.budget_of(obj) if obj is not None else self._begun(request)
        request.budget_here = budget
        return super().get_form(request, obj, change=change, **kwargs)

    def _begun(self, request) -> Budget | None:
        """The budget that an address names for a new row: ?budget=, or ?item= where the row hangs on an item."""
        for model in (Budget, self.opts.get_field(self.owner).remote_field.model):
            value = request.GET.get(model._meta.model_name, "")
            if value.isdecimal():
                found = self.admin_site.get_model_admin(model).get_queryset(request).filter(pk=value).first()
                return found if found is None or isinstance(found, Budget) else found.budget
        return None

    def scope(self, request, name):
        budget = getattr(request, "budget_here", None)
        model = self.opts.get_field(name).remote_field.model
        if budget is None or model is Budget:
            return {}
        return {"edition": budget.campaign.edition_id} if issubclass(model, ClassificationCode) else {"of": budget.pk}

    def offered(self, request, name, rows):
        budget = getattr(request, "budget_here", None)
        if issubclass(rows.model, ClassificationCode):
            edition = budget.campaign.edition_id if budget else request.GET.get("edition", "")
            rows = rows.filter(is_leaf=True)
            return rows.filter(edition=edition) if str(edition).isdecimal() else rows
        if rows.model is not Budget:
            of = budget.pk if budget else request.GET.get("of", "")
            rows = rows.filter(budget=of) if str(of).isdecimal() else rows
        of_budget = "" if rows.model is Budget else "budget__"
        units = Unit.objects.where_allowed(request.user, "edit")
        return rows.filter(**{f"{of_budget}unit__in": units, f"{of_budget}state": Budget.State.DRAFT})

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if isinstance(db_field, AmountField):
            return AmountInput(label=db_field.verbose_name, required=not db_field.blank, help_text=db_field.help_text)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def render_change_form(self, request, context, **shown):
        context["explains_lock"] = True
        return super().render_change_form(request, context, **shown)

    # ---- writing

    def save_model(self, request, obj, form, change):
        if change:
            values = form.typed()
            changes = [writing.Edit(self.model, obj.uid, form.cleaned_data.get("seen") or 0, values)] if values else []
        else:
            changes = [writing.Add(obj)]
        if changes:
            self.write(request, self.budget_of(obj), changes)

    def delete_model(self, request, obj):
        seen = request.POST.get("seen", "")
        version = int(seen) if seen.isdecimal() else 0
        self.write(request, self.budget_of(obj), [writing.Remove(self.model, obj.uid, version)])

    def delete_queryset(self, request, queryset):
        by_budget: dict[Budget, list] = defaultdict(list)
        for row in queryset:
            seen = request.POST.get(f"seen-{row.pk}", "")
            version = int(seen) if seen.isdecimal() else 0
            by_budget[self.budget_of(row)].append(writing.Remove(self.model, row.uid, version))
        with transaction.atomic():
            for budget, changes in by_budget.items():
                self.write(request, budget, changes)

    def write(self, request, budget: Budget, changes: list) -> writing.Written:
        """Write through the one writer; what it refuses becomes NotSaved."""
        with refusals(self.model):
            return writing.write(budget, changes, by=request.user, via=VIA, address=address_of(request))


class refusals:
    """What the writer refuses inside becomes NotSaved, in words for the form of the model."""

    def __init__(self, model):
        self.model = model

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        match error:
            case writing.Refused():
                raise NotSaved([(one.field, one.message) for one in error.problems]) from error
            case writing.Locked():
                raise NotSaved([("", str(error))]) from error
            case writing.Conflicted():
                raise _conflict(self.model, error) from error


def _conflict(model, error: writing.Conflicted) -> NotSaved:
    errors = [("", str(error))]
    version = None
    for conflict in error.conflicts:
        if conflict.stored is None:
            return NotSaved([("", "此行已被他人删除，您的修改没有保存。")])
        version = conflict.stored.version
        errors.extend((one.field, both_values(one)) for one in conflict.differences)
    return NotSaved(errors, seen=version)


def both_values(difference: writing.Difference) -> str:
    """A difference between two people, to choose from."""
    stored, wanted = (word(value) or "空" for value in (difference.stored, difference.wanted))
    return f"他人已改为“{stored}”，您填的是“{wanted}”。再次保存则以您填的为准。"


def told(budget: Budget) -> str:
    """A budget in a list: unit, year, stage, revision, state."""
    revision = f"第{budget.revision}稿" if budget.revision > 1 else ""
    stage = f"{budget.year}年{budget.stage_name}{revision}"
    return f"{budget.unit.code} {budget.unit_name} {stage}（{budget.get_state_display()}）"
