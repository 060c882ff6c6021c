"""Long work in the background: started here, run by a worker (`manage.py db_worker`), told by its `Job` row.

An app's `jobs.py` names what it can do (`@kind("import")`); such work may be started again after a crash, so it must
be harmless to do twice. Everything a person sees of it is on the job's own page.
"""

import logging
import uuid
from collections.abc import Callable

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from organisation.rights import can

from .models import Job

ENDED = (Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED)

logger = logging.getLogger(__name__)
_kinds: dict[str, Callable[["Run"], None]] = {}


class Failed(Exception):
    """The work cannot be done, for a reason that a person understands: a sentence in Chinese."""


class Stopped(Exception):
    """The job was cancelled, or taken over by a new start. Raised by `Run.step`; the work lets it pass."""


def kind(name: str):
    """Decorator: the function does work of that kind. It gets a Run and calls `step` at least once a minute."""

    def register(work: Callable[["Run"], None]):
        _kinds[name] = work
        return work

    return register


class Run:
    """One attempt at a job, as its work sees it."""

    def __init__(self, job: Job):
        self.job = job
        self.parameters = job.parameters
        self.owner = job.owner

    def step(self, done: int, total: int, message: str = "") -> None:
        """Say how far the work is, as `第 done/total message`. Raises Stopped where it is to end.

        Not within a transaction of the work: nobody would see it before the commit.
        """
        alive = self._mine().update(done=min(done, total), total=total, message=message[:500], heartbeat=timezone.now())
        if not alive or self._mine().filter(cancel_requested=True).exists():
            raise Stopped

    def save_result(self, name: str, content: bytes) -> None:
        """Keep the file that came of it; it is given out under that name, on the job's page."""
        self.job.result.save(f"{self.job.uid.hex}.bin", ContentFile(content), save=False)
        self._mine().update(result=self.job.result.name, result_name=name[:200])

    def finish(self, state: Job.State, message: str | None = None) -> None:
        """End the job, unless somebody has started it anew."""
        said = {} if message is None else {"message": message[:500]}
        self._mine().update(state=state, finished=timezone.now(), **said)

    def _mine(self):
        return Job.objects.filter(pk=self.job.pk, attempt=self.job.attempt, state=Job.State.RUNNING)


def start(
    name: str, *, title: str, by, unit=None, parameters: dict | None = None, link: str = "", total: int = 0
) -> Job:
    """Have work of that kind done after the commit. `link`: the page to go on with when it is done.

    A job of a unit is seen by whoever may see the unit, any other by its owner alone.
    """
    if name not in _kinds:
        raise ValueError(f"no work of kind {name}")
    job = Job.objects.create(
        kind=name, title=title[:200], owner=by, unit=unit, parameters=parameters or {}, link=link, total=total
    )
    _enqueue(job)
    return job


def restart(job: Job) -> bool:
    """Begin again a job that failed, was cancelled, or whose worker is gone. False where it is none of these."""
    with transaction.atomic():
        job = Job.objects.select_for_update(of=("self",)).get(pk=job.pk)
        if not job.may_restart:
            return False
        Job.objects.filter(pk=job.pk).update(
            state=Job.State.WAITING,
            attempt=job.attempt + 1,
            done=0,
            message="",
            cancel_requested=False,
            heartbeat=None,
            queued=timezone.now(),
            finished=None,
        )
        _enqueue(job)
    return True


def cancel(job: Job) -> bool:
    """Ask a job to stop: at once where nobody is at it, else at its next step. False where it has ended."""
    with transaction.atomic():
        job = Job.objects.select_for_update(of=("self",)).get(pk=job.pk)
        if job.state in ENDED:
            return False
        if job.state == Job.State.WAITING or job.is_interrupted:
            values = {"state": Job.State.CANCELLED, "finished": timezone.now()}
        else:
            values = {"cancel_requested": True}
        Job.objects.filter(pk=job.pk).update(**values)
    return True


def may_see(user, job: Job) -> bool:
    return can(user, "view", job.unit) if job.unit_id else job.owner_id == user.pk


def may_steer(user, job: Job) -> bool:
    """Who may cancel it and start it again: its owner, and whoever may write in its unit."""
    if not may_see(user, job):
        return False
    return job.owner_id == user.pk or (job.unit_id is not None and can(user, "edit", job.unit))


def _enqueue(job: Job) -> None:
    transaction.on_commit(lambda: run.enqueue(str(job.uid)))


@task()
def run(uid: str) -> None:
    """What a worker does with a job: once, whoever else was told to."""
    taken = Job.objects.filter(uid=uid, state=Job.State.WAITING).update(
        state=Job.State.RUNNING, heartbeat=timezone.now()
    )
    if not taken:
        return
    attempt = Run(Job.objects.select_related("owner", "unit").get(uid=uid))
    try:
        _kinds[attempt.job.kind](attempt)
    except Stopped:
        attempt.finish(Job.State.CANCELLED)
    except Failed as failed:
        attempt.finish(Job.State.FAILED, str(failed))
    except Exception:
        number = uuid.uuid4().hex[:8]
        logger.exception("job %s (%s) broke: %s", uid, attempt.job.kind, number)
        attempt.finish(
            Job.State.FAILED, f"任务出错，没有完成（编号{number}）。请重新开始；仍不成功时把编号告诉系统管理员。"
        )
    else:
        attempt.finish(Job.State.DONE)
