from django.urls import path

from . import job_views, security_views, views

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/read/", views.read, name="notices-read"),
    path("printed/", views.printed, name="printed"),
    path("jobs/", job_views.jobs, name="jobs"),
    path("jobs/<uuid:job>/", job_views.job, name="job"),
    path("jobs/<uuid:job>/result/", job_views.result, name="job-result"),
    path("second-factor/", security_views.ask, name="second-factor"),
    path("security/", security_views.security, name="security"),
    path("delegations/", views.delegations, name="delegations"),
]
