"""The test settings as a worker of a test has them: jobs come from the database, with one kind more."""

from config.settings import test

globals().update({name: value for name, value in vars(test).items() if name.isupper()})
TASKS = {
    "default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"},
    "database": {"BACKEND": "django_tasks_db.DatabaseBackend"},
}
INSTALLED_APPS = [*test.INSTALLED_APPS, "tests.records.SlowWork"]
