from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class OrganisationConfig(AppConfig):
    name = "organisation"
    verbose_name = "单位与人员"

    def ready(self):
        from . import sessions

        user_logged_in.connect(sessions.log_in_began, dispatch_uid="organisation.sessions")
