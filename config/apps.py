from django.contrib.admin.apps import AdminConfig


class ManagementConfig(AdminConfig):
    """Django's admin with our site in its place."""

    default_site = "config.admin_site.ManagementSite"

    def ready(self):
        from . import checks  # noqa: F401  its registration is what it is for

        super().ready()
