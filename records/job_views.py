"""后台任务: how far each is, its result, and what a person may do about it."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from .jobs import cancel, may_see, may_steer, restart
from .models import Job

PER_PAGE = 50
EVERY = 2  # seconds between two looks at a job that goes on


@require_safe
def jobs(request):
    """The person's own jobs, newest first."""
    page = Paginator(Job.objects.filter(owner=request.user), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "records/jobs.html", {"section": "jobs", "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def job(request, job):
    """One job: refreshed while it goes on. With `format=json` its figures alone."""
    found = job_of(request, job)
    if request.method == "POST":
        return _steer(request, found)
    if request.GET.get("format") == "json":
        return JsonResponse(
            {
                "state": found.state_in_words,
                "done": found.done,
                "total": found.total,
                "percent": found.percent,
                "message": found.message,
                "is_going_on": found.is_going_on,
            }
        )
    response = render(
        request,
        "records/job.html",
        {"section": "jobs", "job": found, "may_steer": may_steer(request.user, found), "every": EVERY},
    )
    if found.is_going_on:
        response.headers["Refresh"] = f"{EVERY * 5}; url={reverse('job', args=(found.uid,))}"
    return response


@require_safe
def result(request, job):
    """The file that came of a job."""
    found = job_of(request, job)
    if not found.result or found.state != Job.State.DONE:
        raise Http404
    try:
        content = found.result.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(content, as_attachment=True, filename=found.result_name)


def job_of(request, uid: uuid.UUID) -> Job:
    """The job of that uid; the same Http404 for what is not there and what the person may not see."""
    found = Job.objects.filter(uid=uid).select_related("unit", "owner").first()
    if found is None or not may_see(request.user, found):
        raise Http404
    return found


def _steer(request, found: Job):
    if not may_steer(request.user, found):
        raise PermissionDenied
    action = request.POST.get("action")
    if action == "cancel" and not cancel(found):
        messages.info(request, "任务已经结束，不用取消。")
    elif action == "restart" and not restart(found):
        messages.info(request, "任务没有中断，不用重新开始。")
    return redirect("job", found.uid)
