from django.urls import URLPattern, URLResolver, path

from decisions.views.agenda import agenda
from decisions.views.decision import decision_page
from decisions.views.decisions import decisions
from decisions.views.meeting import decide_page
from decisions.views.system_partnership import system_partnership

app_name = "decisions"

urlpatterns: list[URLPattern | URLResolver] = [
    path("o/<str:code>/decide/", decide_page, name="decide"),
    path("o/<str:code>/decide/agenda/", agenda, name="agenda"),
    path("o/<str:code>/decisions/", decisions, name="decisions"),
    path("o/<str:code>/decisions/<slug:slug>/", decision_page, name="decision"),
    path("system/<str:code>/partnerships/<slug:slug>/", system_partnership, name="system_partnership"),
]
