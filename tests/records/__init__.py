from django.apps import AppConfig


class SlowWork(AppConfig):
    """An app whose work waits to be killed."""

    name = "tests.records"
    label = "slow_work"

    def ready(self):
        from . import slow_work  # noqa: F401
