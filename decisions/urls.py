from django.urls import URLPattern, URLResolver, path

from decisions.views.agenda import agenda
from decisions.views.capacity_option import consider_option_page, remove_option_page
from decisions.views.checklist import checklist_page
from decisions.views.decision import decision_page
from decisions.views.decisions import decisions
from decisions.views.due import due
from decisions.views.due_days_file import due_days_file
from decisions.views.kind_no import kind_no_page
from decisions.views.letter import letter_page
from decisions.views.letter_document import letter_docx
from decisions.views.letter_reply import reply_page
from decisions.views.letter_template import letter_template
from decisions.views.make_promise import make_promise_page
from decisions.views.meeting import decide_page
from decisions.views.past_meeting import past_meeting
from decisions.views.plan import plan_page
from decisions.views.plan_action import plan_action_page
from decisions.views.plan_add_action import add_action_page
from decisions.views.plan_history import plan_history_page
from decisions.views.practice import practice_page, propose_practice_page
from decisions.views.promise import promise_page
from decisions.views.promises import promises
from decisions.views.review import review_page
from decisions.views.system_partnership import system_partnership
from decisions.views.telling import telling_page
from decisions.views.year import year_page

app_name = "decisions"

urlpatterns: list[URLPattern | URLResolver] = [
    path("o/<str:code>/decide/", decide_page, name="decide"),
    path("o/<str:code>/decide/agenda/", agenda, name="agenda"),
    path("o/<str:code>/decisions/", decisions, name="decisions"),
    path("o/<str:code>/decisions/year/", year_page, name="year"),
    path("o/<str:code>/decisions/meetings/<int:number>/", past_meeting, name="past_meeting"),
    path("o/<str:code>/decisions/<slug:slug>/", decision_page, name="decision"),
    path("o/<str:code>/decisions/<slug:slug>/promise/", make_promise_page, name="make_promise"),
    path("o/<str:code>/decisions/<slug:slug>/review/", review_page, name="review"),
    path("o/<str:code>/plan/", plan_page, name="plan"),
    path("o/<str:code>/plan/history/", plan_history_page, name="plan_history"),
    path("o/<str:code>/plan/add/", add_action_page, name="add_action"),
    path("o/<str:code>/plan/actions/<int:number>/", plan_action_page, name="plan_action"),
    path("o/<str:code>/plan/practices/add/", propose_practice_page, name="propose_practice"),
    path("o/<str:code>/plan/practices/<int:number>/", practice_page, name="practice"),
    path("o/<str:code>/plan/options/add/", consider_option_page, name="consider_option"),
    path("o/<str:code>/plan/options/<int:number>/remove/", remove_option_page, name="remove_option"),
    path("o/<str:code>/promises/", promises, name="promises"),
    path("o/<str:code>/promises/due/", due, name="due"),
    path("o/<str:code>/promises/calendar/<str:whose>.ics", due_days_file, name="due_days_file"),
    path("o/<str:code>/promises/<int:number>/", promise_page, name="promise"),
    path("o/<str:code>/decisions/<slug:slug>/kind-no/", kind_no_page, name="kind_no"),
    path("o/<str:code>/decisions/<slug:slug>/letter/", letter_page, name="letter"),
    path("o/<str:code>/decisions/<slug:slug>/letter/document/", letter_docx, name="letter_docx"),
    path("o/<str:code>/decisions/<slug:slug>/told/", telling_page, name="telling"),
    path("o/<str:code>/decisions/<slug:slug>/reply/", reply_page, name="letter_reply"),
    path("o/<str:code>/decisions/<slug:slug>/checklist/", checklist_page, name="checklist"),
    path("o/<str:code>/letter-templates/<slug:kind>/", letter_template, name="letter_template"),
    path("system/<str:code>/partnerships/<slug:slug>/", system_partnership, name="system_partnership"),
]
