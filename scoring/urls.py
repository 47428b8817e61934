from django.urls import URLPattern, URLResolver, path

from scoring.views.adopt_what_if import adopt_what_if_page
from scoring.views.compare_what_ifs import compare_what_ifs
from scoring.views.dashboard import dashboard
from scoring.views.nights import nights
from scoring.views.partnership_recommendation import partnership_recommendation
from scoring.views.reports import recommendation_report, reports
from scoring.views.run import run_page
from scoring.views.run_changes import run_changes
from scoring.views.tipping_point import tipping_point_page
from scoring.views.what_if import what_if_page
from scoring.views.what_ifs import what_ifs

app_name = "scoring"

urlpatterns: list[URLPattern | URLResolver] = [
    path("service/nights/", nights, name="nights"),
    path("service/nights/<int:night>/", nights, name="night"),
    path("o/<str:code>/", dashboard, name="dashboard"),
    path("o/<str:code>/runs/<int:run>/", run_page, name="run"),
    path("o/<str:code>/runs/<int:run>/changes/", run_changes, name="run_changes"),
    path("o/<str:code>/what-if/", what_ifs, name="what_ifs"),
    path("o/<str:code>/what-if/compare/", compare_what_ifs, name="compare_what_ifs"),
    path("o/<str:code>/what-if/<int:what_if>/", what_if_page, name="what_if"),
    path("o/<str:code>/what-if/<int:what_if>/adopt/", adopt_what_if_page, name="adopt_what_if"),
    path("o/<str:code>/tipping-point/", tipping_point_page, name="tipping_point"),
    path("o/<str:code>/reports/", reports, name="reports"),
    path("o/<str:code>/reports/recommendation.xlsx", recommendation_report, name="recommendation_report"),
    path("o/<str:code>/reports/<int:run>/recommendation.xlsx", recommendation_report, name="run_report"),
    path(
        "o/<str:code>/partnerships/<slug:slug>/recommendation/",
        partnership_recommendation,
        name="partnership_recommendation",
    ),
]
