"""The pages of the document, beside those of its tables."""

from django.urls import path

from . import views
from .public.views import preview

urlpatterns = [
    path("document/", views.document, name="document"),
    path("document/file/<slug:form>/", views.document_file, name="document-file"),
    path("publish/preview/", preview, name="publish-preview"),
    path("publish/preview/<path:address>", preview, name="publish-preview-page"),
]
