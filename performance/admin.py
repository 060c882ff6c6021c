"""Goals, tasks and indicators of departments and projects."""

from django.contrib import admin

from budget.administration import BudgetRowAdmin
from projects.admin import ProjectRowAdmin

from .models import DepartmentGoal, DepartmentIndicator, DepartmentTask, ProjectGoal, ProjectIndicator

INDICATOR = ("level_1", "level_2", "name", "operator", "target", "measure", "explanation", "weight", "position")


@admin.register(DepartmentGoal)
class DepartmentGoalAdmin(BudgetRowAdmin):
    shown = ("position", "text")
    searched = ("text",)
    kept = shown


@admin.register(DepartmentTask)
class DepartmentTaskAdmin(BudgetRowAdmin):
    shown = ("position", "name", "content")
    searched = ("name", "content")
    kept = shown


@admin.register(DepartmentIndicator)
class DepartmentIndicatorAdmin(BudgetRowAdmin):
    shown = ("name", "printed_told", "level_1", "level_2", "weight")
    searched = ("name", "level_2")
    kept = INDICATOR

    @admin.display(description="指标值")
    def printed_told(self, obj):
        return obj.printed


@admin.register(ProjectGoal)
class ProjectGoalAdmin(ProjectRowAdmin):
    shown = ("item", "text")
    searched = ("text", "item__name")
    kept = ("text",)


@admin.register(ProjectIndicator)
class ProjectIndicatorAdmin(ProjectRowAdmin):
    shown = ("name", "printed_told", "item", "level_1", "level_2", "weight")
    searched = ("name", "item__name")
    kept = INDICATOR

    @admin.display(description="指标值")
    def printed_told(self, obj):
        return obj.printed
