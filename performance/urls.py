from django.urls import path

from . import views, views_attachments, views_entry, views_paste

urlpatterns = [
    path("indicators/", views.indicators, name="indicators"),
    path("performance/", views_entry.department, name="performance"),
    path("performance/paste/<slug:what>/", views_paste.department, name="performance-paste"),
    path("projects/new/", views_entry.project_new, name="project-new"),
    path("projects/<uuid:uid>/edit/", views_entry.project_edit, name="project-edit"),
    path("projects/<uuid:uid>/paste/", views_paste.project, name="project-paste"),
    path("projects/<uuid:uid>/delete/", views_entry.project_delete, name="project-delete"),
    path("projects/<uuid:uid>/attachments/", views_attachments.project_attachments, name="project-attachments"),
    path(
        "projects/<uuid:uid>/attachments/<uuid:attachment>/",
        views_attachments.project_attachment,
        name="project-attachment",
    ),
    path(
        "projects/<uuid:uid>/attachments/<uuid:attachment>/remove/",
        views_attachments.project_attachment_remove,
        name="project-attachment-remove",
    ),
    path("projects/<uuid:uid>/", views.project, name="project"),
]
