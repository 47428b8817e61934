from django.urls import URLPattern, URLResolver, path

from partnerships.views.home import home

app_name = "partnerships"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
]
