from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class RecordsConfig(AppConfig):
    name = "records"
    verbose_name = "记录"

    def ready(self):
        autodiscover_modules("jobs")
