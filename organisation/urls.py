from django.contrib.auth.views import LogoutView
from django.urls import path

from . import views

urlpatterns = [
    path("login/", views.LogIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(next_page="login"), name="logout"),
    path("password/", views.ChangePassword.as_view(), name="change-password"),
    path("stay/", views.stay, name="stay"),
    path("preferences/amount-unit/", views.amount_unit, name="amount-unit"),
]
