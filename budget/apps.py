from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.module_loading import autodiscover_modules


class BudgetConfig(AppConfig):
    name = "budget"
    verbose_name = "预算"

    def ready(self):
        from . import locks
        from .reporting import registry, rules

        autodiscover_modules("disclosure", "sources", "sets", "gaps", "copying", "rules")
        pre_migrate.connect(locks.make_way, dispatch_uid="budget.locks")
        post_migrate.connect(locks.reinstall, dispatch_uid="budget.locks")

        @checks.register
        def declarations(app_configs, **kwargs):
            """A name that no registered table has is an error at start-up."""
            found = [*registry.problems(), *rules.problems(registry.record_sources())]
            return [checks.Error(problem, id="budget.E001") for problem in found]
