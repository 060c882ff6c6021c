"""The pages of the document, beside those of its tables."""

from django.urls import path

from . import views

urlpatterns = [
    path("document/", views.document, name="document"),
    path("document/file/<slug:form>/", views.document_file, name="document-file"),
]
