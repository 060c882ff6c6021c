"""What every test has: a database whose rows can be cleared, an upload folder of its own, Debian's Chromium."""

import os
import shutil

import pytest
from django.test import TransactionTestCase

# Playwright keeps an event loop in the thread of the test, where Django would refuse to reach the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_modifyitems(items):
    """What uses no database says the same on every one."""
    for item in items:
        uses_one = {"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
        if not uses_one and item.get_closest_marker("django_db") is None:
            item.add_marker(pytest.mark.one_database)


@pytest.fixture(autouse=True, scope="session")
def _clearing_may_delete_locked_rows():
    """After a transactional test every table is emptied, which the triggers on locked budgets and history refuse."""
    clear = TransactionTestCase._fixture_teardown

    def clear_without_locks(self):
        from budget import locks

        databases = self._databases_names(include_mirrors=False)
        for using in databases:
            locks.uninstall(using)
        try:
            clear(self)
        finally:
            for using in databases:
                locks.install(using)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", clear_without_locks)
        yield


@pytest.fixture(autouse=True, scope="session")
def _uploads_of_their_own(tmp_path_factory):
    from django.conf import settings

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "MEDIA_ROOT", tmp_path_factory.mktemp("media"))
        yield


@pytest.fixture(autouse=True)
def _no_page_is_kept_from_another_test():
    from django.core.cache import caches

    caches["public"].clear()


@pytest.fixture(scope="session")
def base_url():
    """Nothing: pages are at `live_server.url`. The plugin's own is a method, which pytest 9.2 warns about."""
    return None


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {
        **browser_type_launch_args,
        "executable_path": shutil.which("chromium") or "/usr/bin/chromium",
        "args": ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],  # it runs as root in a container
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {
        **browser_context_args,
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "viewport": {"width": 1280, "height": 800},
    }
