"""300 units checked by one job: every one told of as it is done, and how long it takes."""

import time

import pytest

from benchmarks import data
from budget import checking
from records import jobs
from records.models import Job
from tests.factories import make_user

UNITS, LINES = 300, 40


@pytest.mark.django_db
def test_three_hundred_units_are_checked_in_one_job_with_progress(monkeypatch, capsys):
    monkeypatch.setattr(data, "UNIT_LINES", LINES)
    monkeypatch.setattr("django.db.transaction.on_commit", lambda work, **how: work())
    department = data.fill(UNITS * LINES)
    told = []
    step = jobs.Run.step
    monkeypatch.setattr(jobs.Run, "step", lambda run, done, *more: (told.append(done), step(run, done, *more)))
    begin = time.perf_counter()
    job = jobs.start(
        checking.UNITS,
        title="逐单位检查",
        by=make_user(unit=department),
        parameters={"unit": department.code, "year": data.YEAR, "stage": data.STAGE},
        link="/",
        total=UNITS,
    )
    seconds = time.perf_counter() - begin
    job = Job.objects.get(pk=job.pk)
    with capsys.disabled():
        print(f"\n{UNITS} units of {LINES} lines: {seconds:.1f} s")
    assert (job.state, job.done, job.total) == ("done", UNITS, UNITS)
    assert told[:UNITS] == list(range(1, UNITS + 1))
    assert seconds < 300
