from django.urls import URLPattern, URLResolver, include, path

from diagnostics.views.check import check
from diagnostics.views.personal_link import personal_link
from diagnostics.views.place import place
from diagnostics.views.questions import questions
from diagnostics.views.thanks import thanks
from diagnostics.views.welcome import welcome

app_name = "diagnostics"

of_respondent: list[URLPattern | URLResolver] = [
    path("welcome/", welcome, name="welcome"),
    path("where-you-work/", place, name="place"),
    path("questions/<slug:page>/", questions, name="questions"),
    path("check/", check, name="check"),
    path("thanks/", thanks, name="thanks"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("s/<str:secret>/", personal_link, name="personal_link"),
    path("s/<slug:handle>/", include(of_respondent)),
]
