from django.urls import URLPattern, URLResolver, include, path

from partnerships.views.add_partnership import add_partnership
from partnerships.views.edit_partnership import edit_partnership
from partnerships.views.home import home
from partnerships.views.partnership import partnership
from partnerships.views.portfolio import portfolio

app_name = "partnerships"

of_partnership: list[URLPattern | URLResolver] = [
    path("", partnership, name="partnership"),
    path("edit/", edit_partnership, name="edit_partnership"),
]

of_organisation: list[URLPattern | URLResolver] = [
    path("partnerships/", portfolio, name="portfolio"),
    path("partnerships/add/", add_partnership, name="add_partnership"),
    path("partnerships/<slug:slug>/", include(of_partnership)),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("o/<str:code>/", include(of_organisation)),
]
