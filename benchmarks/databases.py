"""A database of our own for every measurement, on the server of DATABASE_URL: made, filled, dropped."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

LOOPBACK = ("", "localhost", "127.0.0.1", "::1")


def refuse_what_is_far() -> None:
    """SystemExit for a server that is not on this machine: it is somebody's, and the network would be measured."""
    host = str(connection.settings_dict.get("HOST", ""))
    if connection.vendor == "postgresql" and host not in LOOPBACK and not host.startswith("/"):
        raise SystemExit(f"性能测试只在本机的数据库上运行，DATABASE_URL 指向 {host}。")


@contextmanager
def temporary_database(size: int) -> Iterator[None]:
    """The default connection leads to a new, migrated, empty database while it lasts."""
    refuse_what_is_far()
    usual = connection.settings_dict["NAME"]
    with tempfile.TemporaryDirectory(prefix="mingzhang-bench-") as folder:
        name = f"bench_{os.getpid()}_{size}"
        sqlite = connection.vendor == "sqlite"
        connection.settings_dict["TEST"]["NAME"] = str(Path(folder, f"{name}.sqlite3")) if sqlite else name
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            yield
        finally:
            connection.creation.destroy_test_db(usual, verbosity=0)


def settle() -> None:
    """What a database in use has had done: PostgreSQL's autovacuum has been there; SQLite has nothing of the kind."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
