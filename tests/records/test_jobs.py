"""Background jobs: progress, cancel, what a killed worker leaves, a new start; and who may see them."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from records import jobs
from records.models import Job
from tests.factories import make_unit, make_user


@pytest.fixture
def works(monkeypatch):
    """Kinds of work for a test: name → function."""
    monkeypatch.setattr(jobs, "_kinds", {})
    monkeypatch.setattr("django.db.transaction.on_commit", lambda work, **how: work())
    return jobs.kind


@pytest.fixture
def clerk(db):
    return make_user("clerk", "566001")


@pytest.fixture
def client(clerk):
    client = Client()
    client.force_login(clerk)
    return client


def began(clerk, **values) -> Job:
    """A job as a worker that is gone has left it."""
    values = {"state": "running", "heartbeat": timezone.now() - timedelta(minutes=3), "done": 3, "total": 15, **values}
    return Job.objects.create(kind="tables", title="生成表", owner=clerk, **values)


def test_a_job_says_how_far_it_is_and_gives_its_result(works, clerk, client):
    seen = []

    @works("tables")
    def work(run):
        run.step(3, 15, "第3/15张表")
        seen.append(Job.objects.values("state", "done", "total", "message").get(pk=run.job.pk))
        run.save_result("册.txt", "内容".encode())
        run.step(15, 15)

    job = jobs.start("tables", title="生成表", by=clerk, total=15)
    assert seen == [{"state": "running", "done": 3, "total": 15, "message": "第3/15张表"}]
    job.refresh_from_db()
    assert (job.state, job.done) == ("done", 15)
    result = client.get(f"/jobs/{job.uid}/result/")
    assert result.getvalue().decode() == "内容"
    assert result.headers["Content-Disposition"].startswith("attachment")
    assert "下载册.txt" in client.get(f"/jobs/{job.uid}/").content.decode()


def test_work_that_breaks_says_so_in_chinese_with_a_number_for_the_log(works, clerk, client, caplog):
    @works("broken")
    def work(run):
        raise ZeroDivisionError("secret detail")

    @works("impossible")
    def cannot(run):
        raise jobs.Failed("没有这个单位。")

    broken = jobs.start("broken", title="甲", by=clerk)
    broken.refresh_from_db()
    assert (broken.state, "secret" in broken.message) == ("failed", False)
    assert broken.message.split("编号")[1][:8] in caplog.text
    failed = jobs.start("impossible", title="乙", by=clerk)
    failed.refresh_from_db()
    assert (failed.state, failed.message) == ("failed", "没有这个单位。")
    assert "重新开始" in client.get(f"/jobs/{failed.uid}/").content.decode()


def test_cancel_ends_the_work_at_its_next_step(works, clerk, client):
    steps = []

    @works("long")
    def work(run):
        for at in range(5):
            run.step(at, 5)
            steps.append(at)
            if at == 1:
                client.post(f"/jobs/{run.job.uid}/", {"action": "cancel"})

    job = jobs.start("long", title="甲", by=clerk)
    job.refresh_from_db()
    assert (job.state, steps) == ("cancelled", [0, 1])


def test_a_job_without_a_heartbeat_is_interrupted_and_may_be_started_again(works, clerk, client):
    runs = []
    works("tables")(lambda run: runs.append(run.job.attempt))
    job = began(clerk)
    shown = client.get(f"/jobs/{job.uid}/").content.decode()
    assert "中断" in shown
    assert 'value="restart"' in shown
    client.post(f"/jobs/{job.uid}/", {"action": "restart"})
    job.refresh_from_db()
    assert (job.state, runs) == ("done", [2])


def test_a_living_job_is_not_started_twice(works, clerk, client):
    runs = []
    works("tables")(lambda run: runs.append(run.job.attempt))
    job = began(clerk, heartbeat=timezone.now())
    client.post(f"/jobs/{job.uid}/", {"action": "restart"})
    jobs.run.call(str(job.uid))  # another worker that was told of it
    job.refresh_from_db()
    assert (job.state, runs) == ("running", [])


def test_a_worker_that_was_only_slow_stops_when_another_has_taken_over(works, clerk):
    job = began(clerk)
    slow = jobs.Run(job)
    Job.objects.filter(pk=job.pk).update(attempt=2, heartbeat=timezone.now())
    with pytest.raises(jobs.Stopped):
        slow.step(4, 15)
    slow.finish(Job.State.DONE)
    job.refresh_from_db()
    assert (job.state, job.done) == ("running", 3)


def test_a_job_is_seen_by_its_owner_or_by_those_of_its_unit(clerk, client):
    other = make_user("clerk", "777001")
    theirs = Client()
    theirs.force_login(other)
    mine = began(clerk, result="jobs/x.bin", result_name="x")
    ours = began(clerk, unit=make_unit("566001"))
    for job in (mine, ours):
        assert client.get(f"/jobs/{job.uid}/").status_code == 200
        assert theirs.get(f"/jobs/{job.uid}/").status_code == 404
        assert theirs.post(f"/jobs/{job.uid}/", {"action": "cancel"}).status_code == 404
        assert theirs.get(f"/jobs/{job.uid}/result/").status_code == 404
    reviewer = Client()
    reviewer.force_login(make_user("reviewer", "566001"))
    assert reviewer.get(f"/jobs/{mine.uid}/").status_code == 404
    assert reviewer.get(f"/jobs/{ours.uid}/").status_code == 200
    assert reviewer.post(f"/jobs/{ours.uid}/", {"action": "cancel"}).status_code == 403
    assert "生成表" in client.get("/jobs/").content.decode()
    assert "生成表" not in theirs.get("/jobs/").content.decode()


def test_a_job_that_nobody_begins_says_so(clerk, client):
    job = began(clerk, state="waiting", heartbeat=None, queued=timezone.now() - timedelta(minutes=3))
    assert "后台程序可能没有运行" in client.get(f"/jobs/{job.uid}/").content.decode()


def test_the_figures_alone_and_a_refresh_without_script(clerk, client):
    job = began(clerk, heartbeat=timezone.now())
    assert client.get(f"/jobs/{job.uid}/?format=json").json()["percent"] == 20
    assert "Refresh" in client.get(f"/jobs/{job.uid}/").headers
    job = began(clerk)
    assert "Refresh" not in client.get(f"/jobs/{job.uid}/").headers


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_a_job_that_can_be_started_again(client, clerk, settings_of_the_worker, tmp_path):
    """A real worker on the database backend is killed in the middle of a job; another one finishes it."""
    from tests.records.slow_work import STARTED

    job = Job.objects.create(kind="slow", title="慢", owner=clerk, parameters={"folder": str(tmp_path), "waits": True})
    jobs.run.using(backend="database").enqueue(str(job.uid))
    worker = start_worker(settings_of_the_worker)
    wait_for(lambda: (tmp_path / STARTED).exists(), worker)
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    job.refresh_from_db()
    assert (job.state, job.done) == ("running", 1)
    Job.objects.filter(pk=job.pk).update(heartbeat=timezone.now() - timedelta(minutes=3))
    assert "中断" in client.get(f"/jobs/{job.uid}/").content.decode()
    Job.objects.filter(pk=job.pk).update(parameters={"folder": str(tmp_path), "waits": False})
    assert jobs.restart(Job.objects.get(pk=job.pk))
    jobs.run.using(backend="database").enqueue(str(job.uid))
    start_worker(settings_of_the_worker, "--batch").wait(60)
    job.refresh_from_db()
    assert (job.state, job.attempt, job.done) == ("done", 2, 2)


@pytest.fixture
def settings_of_the_worker(settings):
    """The environment of a worker on the test's own database."""
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"},
        "database": {"BACKEND": "django_tasks_db.DatabaseBackend"},
    }
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        url = f"sqlite:///{name}"
    else:
        url = os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"
    return {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.records.worker_settings"}


def start_worker(environment: dict, *options: str) -> subprocess.Popen:
    command = [sys.executable, "manage.py", "db_worker", "--backend", "database", "--no-reload", "--no-startup-delay"]
    return subprocess.Popen(
        [*command, "--interval", "0.1", "--verbosity", "0", *options], cwd=settings.BASE_DIR, env=environment
    )


def wait_for(condition, process: subprocess.Popen, seconds: int = 60) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert process.poll() is None, "the worker has ended"
        assert time.monotonic() < until, "nothing happened"
        time.sleep(0.02)
