"""The pages of the document, beside those of its tables."""

from django.urls import path

from . import views, views_publish
from .public.views import preview

urlpatterns = [
    path("document/", views.document, name="document"),
    path("document/file/<slug:form>/", views.document_file, name="document-file"),
    path("publish/preview/", preview, name="publish-preview"),
    path("publish/preview/<path:address>", preview, name="publish-preview-page"),
    path("publish/", views_publish.publish_page, name="publish"),
    path("publish/review/", views_publish.review, name="publish-review"),
    path("publish/now/", views_publish.publish_now, name="publish-now"),
    path("publish/compare/", views_publish.compare, name="publication-compare"),
    path("publish/<int:number>/receipt/", views_publish.receipt, name="publication-receipt"),
]
