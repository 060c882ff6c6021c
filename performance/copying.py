"""What of performance can be brought over from an earlier budget: goals, tasks, indicators."""

from budget.copying.parts import Part, declare

from .models import DepartmentGoal, DepartmentIndicator, DepartmentTask, ProjectGoal, ProjectIndicator

declare(Part("project_goals", "项目绩效目标、指标", (ProjectGoal, ProjectIndicator)))
declare(Part("department_goals", "部门整体目标、任务、指标", (DepartmentGoal, DepartmentTask, DepartmentIndicator)))
