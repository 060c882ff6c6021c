from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.utils.module_loading import autodiscover_modules


class RecordsConfig(AppConfig):
    name = "records"
    verbose_name = "记录"

    def ready(self):
        from . import access

        autodiscover_modules("jobs")
        user_logged_in.connect(access.logged_in, dispatch_uid="records.access.in")
        user_logged_out.connect(access.logged_out, dispatch_uid="records.access.out")
        user_login_failed.connect(access.log_in_failed, dispatch_uid="records.access.failed")
