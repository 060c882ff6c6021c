"""Stages with their review steps, kept by the finance administrator; control numbers and transitions, to be read."""

from django.contrib import admin
from django.core.exceptions import ValidationError

from budget.models import Budget, CampaignStage, ControlNumber, ReviewStep, Transition, stage_name
from organisation.administration import GuardedAdmin, GuardedInline, LoadedFormSet
from records.administration import RecordedAdmin


class StepFormSet(LoadedFormSet):
    """While a budget is under review the number and roles of the steps stay."""

    def clean(self):
        super().clean()
        if not self.instance.pk or not (self.deleted_forms or any(form.has_changed() for form in self.forms)):
            return
        moved = self.deleted_forms or any(
            {"order", "role"} & set(form.changed_data) for form in self.forms if form.has_changed()
        )
        waiting = Budget.objects.filter(
            campaign=self.instance.campaign_id, stage=self.instance.code, state=Budget.State.SUBMITTED
        )
        if moved and waiting.exists():
            raise ValidationError("有预算正在审核，审核步骤的顺序和角色现在不能改；名称和截止日期可以改。")


class StepInline(GuardedInline):
    model = ReviewStep
    formset = StepFormSet
    fields = ("order", "name", "role", "due")


@admin.register(CampaignStage)
class CampaignStageAdmin(RecordedAdmin):
    """A stage of a year: its dates, and who reviews it in which order. Added and taken away on its year's page."""

    change_action = "configure"
    inlines = (StepInline,)
    related = ("campaign",)
    list_display = ("stage_told", "opens", "due", "steps_told")
    fields = ("stage_told", "opens", "due")
    readonly_fields = ("stage_told",)
    ordering = ("-campaign__year", "pk")

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("steps")

    @admin.display(description="阶段")
    def stage_told(self, obj):
        return f"{obj.campaign.year}年{stage_name(obj.code)}"

    @admin.display(description="审核步骤")
    def steps_told(self, obj):
        return " → ".join(step.name for step in sorted(obj.steps.all(), key=lambda step: step.order))


@admin.register(ControlNumber)
class ControlNumberAdmin(GuardedAdmin):
    """Issued on their own page, where what a department splits is held to what it has."""

    related = ("unit", "stage__campaign")
    unit_path = "unit"
    list_display = ("unit", "stage", "kind", "fund", "amount")
    list_filter = ("kind",)
    search_fields = ("unit__code", "unit__name")
    fields = ("unit", "stage", "kind", "fund", "amount")


@admin.register(Transition)
class TransitionAdmin(GuardedAdmin):
    """What happened to budgets."""

    related = ("budget__unit", "budget__campaign")
    unit_path = "budget__unit"
    list_display = ("at", "budget", "move", "step_name", "by_name", "to_state")
    list_filter = ("move",)
    search_fields = ("budget__unit__code", "budget__unit_name", "by_name", "reason")
    ordering = ("-at", "-pk")
    fields = ("budget", "move", "step_name", "from_state", "to_state", "by_name", "at", "reason")
