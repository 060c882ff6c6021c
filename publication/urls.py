from django.urls import path

from . import views

urlpatterns = [
    path("check-document/", views.check_document, name="check-document"),
]
