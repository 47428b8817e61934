from django.urls import URLPattern, URLResolver, include, path, register_converter

from diagnostics.models import Subject
from diagnostics.views.add_question import add_question
from diagnostics.views.begin import begin
from diagnostics.views.change_people import change_people
from diagnostics.views.change_question import change_question
from diagnostics.views.check import check
from diagnostics.views.close_survey import close_survey
from diagnostics.views.compare_partnerships import compare_partnerships
from diagnostics.views.correct_address import correct_address
from diagnostics.views.last_surveys import last_surveys
from diagnostics.views.links_download import links_download
from diagnostics.views.more_time import more_time
from diagnostics.views.open_link import open_link
from diagnostics.views.open_link_files import open_link_png, open_link_sheet, open_link_svg
from diagnostics.views.open_start import open_start
from diagnostics.views.open_surveys import open_surveys
from diagnostics.views.opening_day import opening_day
from diagnostics.views.partner import partner
from diagnostics.views.partner_view import partner_view
from diagnostics.views.partnership_health import partnership_health
from diagnostics.views.personal_link import personal_link
from diagnostics.views.place import place
from diagnostics.views.questions import questions
from diagnostics.views.questions_draft import questions_draft
from diagnostics.views.questions_file import questions_file
from diagnostics.views.questions_version import questions_version
from diagnostics.views.read_as import read_as
from diagnostics.views.reminders import reminders
from diagnostics.views.reply import reply
from diagnostics.views.reply_line import reply_line
from diagnostics.views.reply_page import reply_page
from diagnostics.views.results_file import results_file
from diagnostics.views.start_partner_survey import start_partner_survey
from diagnostics.views.start_survey import start_survey
from diagnostics.views.start_surveys import start_surveys, start_surveys_from_list
from diagnostics.views.survey_questions import survey_questions
from diagnostics.views.survey_round import survey_round
from diagnostics.views.surveys import surveys
from diagnostics.views.thanks import thanks
from diagnostics.views.upload_questions import upload_questions
from diagnostics.views.welcome import welcome
from diagnostics.views.withdraw import withdraw
from diagnostics.views.works_for import works_for

app_name = "diagnostics"


class About:
    """What a survey asks about, as an address names it."""

    in_address = {
        Subject.PARTNERSHIP: "partnership",
        Subject.BY_PARTNERS: "partners-view",
        Subject.BY_US: "our-view",
    }
    regex = "|".join(in_address.values())

    def to_python(self, value: str) -> Subject:
        return next(subject for subject, name in self.in_address.items() if name == value)

    def to_url(self, value: Subject) -> str:
        return self.in_address[Subject(value)]


register_converter(About, "about")

of_respondent: list[URLPattern | URLResolver] = [
    path("welcome/", welcome, name="welcome"),
    path("start/", begin, name="begin"),
    path("open/", open_start, name="open_start"),
    path("whom-you-work-for/", works_for, name="works_for"),
    path("where-you-work/", place, name="place"),
    path("questions/<slug:page>/", questions, name="questions"),
    path("check/", check, name="check"),
    path("thanks/", thanks, name="thanks"),
    path("withdraw/", withdraw, name="withdraw"),
]

of_questions: list[URLPattern | URLResolver] = [
    path("", survey_questions, name="questions_about"),
    path("draft/", questions_draft, name="questions_draft"),
    path("draft/add/", add_question, name="add_question"),
    path("draft/statements/<slug:item>/", change_question, name="change_question"),
    path("upload/", upload_questions, name="upload_questions"),
    path("versions/<slug:version>/", questions_version, name="questions_version"),
    path("versions/<slug:version>.json", questions_file, name="questions_file"),
]

of_organisation: list[URLPattern | URLResolver] = [
    path("surveys/", surveys, name="surveys"),
    path("surveys/last/", last_surveys, name="last_surveys"),
    path("surveys/compare/", compare_partnerships, name="compare_partnerships"),
    path("surveys/start/", start_survey, name="start_survey"),
    path("surveys/start/several/", start_surveys, name="start_surveys"),
    path("surveys/start/list/", start_surveys_from_list, name="start_surveys_from_list"),
    path("surveys/open/", open_surveys, name="open_surveys"),
    path("surveys/questions/", survey_questions, name="survey_questions"),
    path("surveys/questions/<about:subject>/", include(of_questions)),
    path("surveys/<int:pk>/", survey_round, name="round"),
    path("surveys/<int:pk>/close/", close_survey, name="close_survey"),
    path("surveys/<int:pk>/last-day/", more_time, name="more_time"),
    path("surveys/<int:pk>/people/", change_people, name="change_people"),
    path("surveys/<int:pk>/opening-day/", opening_day, name="opening_day"),
    path("surveys/<int:pk>/reminders/", reminders, name="reminders"),
    path("surveys/<int:pk>/people/<int:invitation>/address/", correct_address, name="correct_address"),
    path("surveys/<int:pk>/read-as/", read_as, name="read_as"),
    path("surveys/<int:pk>/results.xlsx", results_file, name="results_file"),
    path("surveys/<int:pk>/open-link/", open_link, name="open_link"),
    path("surveys/<int:pk>/open-link/print/", open_link_sheet, name="open_link_sheet"),
    path("surveys/<int:pk>/open-link.svg", open_link_svg, name="open_link_svg"),
    path("surveys/<int:pk>/open-link.png", open_link_png, name="open_link_png"),
    path("surveys/<int:pk>/links.csv", links_download, name="links_download"),
    path("partner/", partner, name="partner"),
    path("partner/start/", start_partner_survey, name="start_partner_survey"),
    path("partnerships/<slug:slug>/partner/", partner_view, name="partner_view"),
    path("surveys/<int:pk>/reply/", reply, name="reply"),
    path("surveys/<int:pk>/reply/<slug:characteristic>/", reply_line, name="reply_line"),
    path("partnerships/<slug:slug>/health/", partnership_health, name="partnership_health"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("r/<str:token>/", reply_page, name="reply_page"),
    path("s/<str:secret>/", personal_link, name="personal_link"),
    path("s/<slug:handle>/", include(of_respondent)),
    path("o/<str:code>/", include(of_organisation)),
]
