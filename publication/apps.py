from django.apps import AppConfig
from django.core import checks


class PublicationConfig(AppConfig):
    name = "publication"
    verbose_name = "公开"

    def ready(self):
        from .narrative.problems import problems

        @checks.register
        def wordings(app_configs, **kwargs):
            """A sentence that names a cell which no table has is an error at start-up."""
            return [checks.Error(problem, id="publication.E001") for problem in problems()]
