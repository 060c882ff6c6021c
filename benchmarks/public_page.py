"""A public page served from the cache, beside a static file of the same bytes, by one server in one run.

The server is gunicorn as bin/run starts it, with one worker; both are asked for over connections that are kept open,
in turns. The page is what a citizen meets first: the summary of a department.
"""

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from budget.books import select
from organisation.models import Unit, User
from publication.frozen import fingerprint, frozen_of
from publication.models import Publication

ROOT = Path(__file__).parents[1]
ASKED = 200  # requests in one run: one alone is shorter than the clock is exact
FILE = "same.html"


@contextmanager
def requests(department: Unit, year: int, stage: str) -> Iterator[tuple[Callable, Callable]]:
    """(ask for the page, ask for the file), each ASKED times, while the server runs."""
    _publish(department, year, stage)
    with tempfile.TemporaryDirectory(prefix="mingzhang-static-") as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        page = f"/public/{department.code}/{year}/"
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # the middleware warns of a folder that is not there
        body = Client(headers={"host": settings.ALLOWED_HOSTS[0]}).get(page).content
        (Path(folder) / FILE).write_bytes(body)  # before the server starts, which lists its files then
        with _server(port, folder):
            yield _asking(port, page, body), _asking(port, f"/static/{FILE}", body)


def _publish(department: Unit, year: int, stage: str) -> None:
    selection = select(department, year, stage)
    frozen = frozen_of(selection)
    user, _ = User.objects.get_or_create(username="bench", defaults={"name": "测速"})
    Publication.objects.create(
        unit=department,
        campaign=selection.campaign,
        number=1,
        title=frozen.title,
        unit_name=frozen.name,
        published=timezone.now(),
        published_by=user,
        published_by_name="测速",
        content=frozen.to_json(),
        content_digest=fingerprint(frozen),
        digest="0" * 64,
    )


@contextmanager
def _server(port: int, folder: str) -> Iterator[None]:
    told = connection.settings_dict
    url = f"sqlite:///{told['NAME']}"
    if connection.vendor == "postgresql":
        url = f"postgres://{told['USER']}:{told['PASSWORD']}@{told['HOST']}:{told['PORT']}/{told['NAME']}"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "benchmarks.public_settings",
        "DATABASE_URL": url,
        "BENCH_STATIC": folder,
    }
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "4"]
    server = subprocess.Popen([*command, "--log-level", "error", "--no-control-socket"], cwd=ROOT, env=environment)
    try:
        _wait(port, server)
        yield
    finally:
        server.terminate()
        server.wait()


def _wait(port: int, server: subprocess.Popen) -> None:
    """Until it answers. RuntimeError where it does not within a minute."""
    for _ in range(600):
        if server.poll() is not None:
            break
        try:
            _get(_client(port), "/health")
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("性能测试的服务没有启动。")


def _client(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=60)


def _get(client: http.client.HTTPConnection, address: str) -> bytes:
    client.request("GET", address)
    response = client.getresponse()
    body = response.read()
    if response.status != 200:
        raise AssertionError(f"{address}：{response.status}")
    return body


def _asking(port: int, address: str, body: bytes) -> Callable[[], None]:
    def ask() -> None:
        client = _client(port)  # the server closes one that is not used for a while
        for _ in range(ASKED):
            if _get(client, address) != body:
                raise AssertionError(f"{address} 的内容不同")
        client.close()

    return ask
