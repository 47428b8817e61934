from django.urls import URLPattern, URLResolver, include, path, register_converter

from partnerships.views.add_figures import add_the_figures
from partnerships.views.add_partnership import add_partnership
from partnerships.views.add_rule import add_a_rule
from partnerships.views.add_to_record import add_to_record
from partnerships.views.audit import audit, audit_file
from partnerships.views.capacity import capacity
from partnerships.views.change_capacity import change_capacity
from partnerships.views.change_levels import change_engagement_levels
from partnerships.views.change_objectives import change_the_objectives
from partnerships.views.change_person import change_person
from partnerships.views.change_pools import change_capacity_pools
from partnerships.views.change_record import change_record
from partnerships.views.change_rule import change_a_rule
from partnerships.views.change_ways import change_the_ways
from partnerships.views.cost_of_change import cost_of_change
from partnerships.views.criteria import criteria
from partnerships.views.edit_days import edit_days
from partnerships.views.edit_duty import edit_duty
from partnerships.views.edit_members import edit_members
from partnerships.views.edit_partnership import edit_partnership
from partnerships.views.edit_ratings import edit_ratings
from partnerships.views.home import home
from partnerships.views.import_portfolio import import_portfolio
from partnerships.views.import_preview import import_preview
from partnerships.views.invitation import invitation, invitation_link
from partnerships.views.invite import invite_somebody
from partnerships.views.measure import measure
from partnerships.views.merging import merging
from partnerships.views.partnership import partnership
from partnerships.views.people import people
from partnerships.views.pool_shares import pool_shares
from partnerships.views.portfolio import portfolio
from partnerships.views.portfolio_files import capacity_file, import_problems, portfolio_export, portfolio_template
from partnerships.views.record import record, record_choices
from partnerships.views.remove_person import remove_a_person
from partnerships.views.roles import roles
from partnerships.views.rules import rules
from partnerships.views.sent_invitation import sent_invitation
from partnerships.views.set_ranking import set_my_ranking
from partnerships.views.set_weights import set_my_weights
from partnerships.views.sharing import sharing
from partnerships.views.start import start
from partnerships.views.successor import successor
from partnerships.views.system import system
from partnerships.views.timeline import timeline
from partnerships.views.your_organisations import your_organisations

app_name = "partnerships"


class FileKind:
    """The ending of a spreadsheet's address."""

    regex = "csv|xlsx"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(FileKind, "file_kind")

# Each kind of entry has addresses of its own, so that nothing is written under a kind it is not of.
of_record: list[URLPattern | URLResolver] = [
    path("", record, name="record"),
    path("add/", record_choices, name="record_choices"),
    path("add/difference/", add_to_record, {"kind": "difference"}, name="add_difference"),
    path("add/give-and-take/", add_to_record, {"kind": "give-and-take"}, name="add_give_and_take"),
    path("add/link/", add_to_record, {"kind": "link"}, name="add_link"),
    path("add/measure/", add_to_record, {"kind": "measure"}, name="add_measure"),
    path("add/<slug:kind>/", add_to_record, name="add_note"),
    path("notes/<int:number>/", change_record, {"noun": "note"}, name="change_note"),
    path("differences/<int:number>/", change_record, {"noun": "difference"}, name="change_difference"),
    path("give-and-take/<int:number>/", change_record, {"noun": "give-and-take"}, name="change_give_and_take"),
    path("links/<int:number>/", change_record, {"noun": "link"}, name="change_link"),
    path("measures/<int:number>/", measure, name="measure"),
    path("measures/<int:number>/change/", change_record, {"noun": "measure"}, name="change_measure"),
    path("measures/<int:number>/add/", add_the_figures, name="add_figures"),
    path("timeline/", timeline, name="timeline"),
    path("timeline/<slug:only>/", timeline, name="timeline_of_kind"),
    path("figures/<int:number>/", change_record, {"noun": "figure"}, name="change_figure"),
]

of_partnership: list[URLPattern | URLResolver] = [
    path("", partnership, name="partnership"),
    path("edit/", edit_partnership, name="edit_partnership"),
    path("edit/members/", edit_members, name="edit_members"),
    path("edit/days/", edit_days, name="edit_days"),
    path("edit/ratings/", edit_ratings, name="edit_ratings"),
    path("edit/duty/", edit_duty, name="edit_duty"),
    path("record/", include(of_record)),
    path("merge/", merging, name="merging"),
]

of_organisation: list[URLPattern | URLResolver] = [
    path("start/", start, name="start"),
    path("successors/<str:member>/", successor, name="successor"),
    path("partnerships/", portfolio, name="portfolio"),
    path("partnerships/add/", add_partnership, name="add_partnership"),
    path("partnerships/import/", import_portfolio, name="import_portfolio"),
    path("partnerships/import/template.<file_kind:kind>", portfolio_template, name="portfolio_template"),
    path("partnerships/import/<int:number>/", import_preview, name="import_preview"),
    path("partnerships/import/<int:number>/rows-to-correct.csv", import_problems, name="import_problems"),
    path("partnerships/export.<file_kind:kind>", portfolio_export, name="portfolio_export"),
    path("capacity/export.csv", capacity_file, name="capacity_file"),
    path("partnerships/<slug:slug>/", include(of_partnership)),
    path("capacity/", capacity, name="capacity"),
    path("capacity/change/", change_capacity, name="change_capacity"),
    path("capacity/pools/", change_capacity_pools, name="change_pools"),
    path("capacity/levels/", change_engagement_levels, name="change_levels"),
    path("capacity/sharing/", pool_shares, name="pool_shares"),
    path("criteria/", criteria, name="criteria"),
    path("criteria/weights/", set_my_weights, name="set_weights"),
    path("criteria/ranking/", set_my_ranking, name="set_ranking"),
    path("criteria/objectives/", change_the_objectives, name="change_objectives"),
    path("criteria/ways/", change_the_ways, name="change_ways"),
    path("criteria/cost-of-change/", cost_of_change, name="cost_of_change"),
    path("sharing/", sharing, name="sharing"),
    path("rules/", rules, name="rules"),
    path("rules/add/<slug:kind>/", add_a_rule, name="add_rule"),
    path("rules/<int:number>/", change_a_rule, name="change_rule"),
    path("people/", people, name="people"),
    path("people/invite/", invite_somebody, name="invite"),
    path("people/invitations/<int:number>/", sent_invitation, name="sent_invitation"),
    path("people/roles/", roles, name="roles"),
    path("people/<int:number>/", change_person, name="change_person"),
    path("people/<int:number>/remove/", remove_a_person, name="remove_person"),
    path("audit/", audit, name="audit"),
    path("audit/export.<file_kind:kind>", audit_file, name="audit_file"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("your-organisations/", your_organisations, name="your_organisations"),
    path("invitations/", invitation, name="invitation"),
    path("invitations/<str:secret>/", invitation_link, name="invitation_link"),
    path("o/<str:code>/", include(of_organisation)),
    path("system/<str:code>/", system, name="system"),
]
