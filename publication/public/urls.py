"""The addresses of the public site: they are permanent."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.index, name="public"),
    path("sitemap.xml", views.sitemap, name="public-sitemap"),
    path("assets/<str:name>", views.asset_file, name="public-asset"),
    path("<unit:unit>/", views.organisation, name="public-organisation"),
    path("<unit:unit>/<year:year>/", views.edition_page, name="public-edition"),
    path("<unit:unit>/<year:year>/v<int:number>/", views.edition_page, name="public-version"),
    path("<unit:unit>/<year:year>/v<int:number>/<path:address>", views.edition_page, name="public-version-page"),
    path("<unit:unit>/<year:year>/<path:address>", views.edition_page, name="public-page"),
    path("<path:address>", views.missing, name="public-missing"),
]
