"""Which responses and answers PostgreSQL shows: the rules of a survey, kept by the database itself.

An organisation reads them once its survey is closed and enough people sent theirs in. Until then code reaches one
response, by a key that follows from an invitation and from a key outside the database (``diagnostics.keys``). They are
added while a survey is open; what has been closed nobody changes.
"""

from __future__ import annotations

from partnerships.row_security import ACTING_FOR, ACTING_FOR_PRINTED, KEPT, Printed

ADDED, SEEN, CHANGED, WITHDRAWN = (
    "added_for_its_organisation",
    "seen_with_enough_or_its_own",
    "changed_by_its_own",
    "withdrawn_by_its_own",
)
OWN = "{column} = (SELECT NULLIF(current_setting('triage.response', true), ''))"
# Read once a statement: the numbers of those that show results.
SHOWN = (
    "round_id = ANY ((SELECT array_agg(shown.id) FROM public.diagnostics_round AS shown "
    "WHERE shown.state = 'closed' AND shown.sent_in >= shown.threshold)::bigint[])"
)
OF_A_RESPONSE_SEEN = "EXISTS (SELECT FROM public.diagnostics_response AS its WHERE its.key = response_id)"
IN_AN_OPEN_ROUND = (
    "EXISTS (SELECT FROM public.diagnostics_round AS asked WHERE asked.id = round_id AND asked.state = 'open')"
)
# Nobody sees the responses of others in an open survey, so what is seen is one's own or closed.
NOT_OF_A_CLOSED_ROUND = (
    "NOT EXISTS (SELECT FROM public.diagnostics_response AS its WHERE its.key = response_id AND its.{shown})"
)
THEIRS = ACTING_FOR.format(column="organisation_id")


def _policies(key: str, seen: str, added: str) -> dict[str, str]:
    own = OWN.format(column=key)
    return {
        ADDED: f"FOR INSERT WITH CHECK ({THEIRS} AND {added})",
        SEEN: f"FOR SELECT USING ({THEIRS} AND ({own} OR {seen}))",
        CHANGED: f"FOR UPDATE USING ({THEIRS} AND {own}) WITH CHECK ({THEIRS} AND {own})",
        WITHDRAWN: f"FOR DELETE USING ({THEIRS} AND {own})",
        KEPT: "TO CURRENT_USER USING (true) WITH CHECK (true)",
    }


POLICIES = {
    "diagnostics_response": _policies("key", SHOWN, IN_AN_OPEN_ROUND),
    "diagnostics_answer": _policies("response_id", OF_A_RESPONSE_SEEN, NOT_OF_A_CLOSED_ROUND.format(shown=SHOWN)),
}


# The same as PostgreSQL prints them once they are policies, as ``partnerships.row_security`` has those of other tables.
THEIRS_PRINTED = ACTING_FOR_PRINTED.format(column="organisation_id")
OWN_PRINTED = (
    "(({column})::text = ( SELECT NULLIF(current_setting('triage.response'::text, true), ''::text) AS \"nullif\"))"
)
SHOWN_PRINTED = (
    "round_id = ANY (( SELECT array_agg(shown.id) AS array_agg FROM diagnostics_round shown "
    "WHERE (((shown.state)::text = 'closed'::text) AND (shown.sent_in >= shown.threshold)))::bigint[])"
)
ITS_PRINTED = "((its.key)::text = ({table}.response_id)::text)"
# constants of this module, which no statement is made of
OF_A_RESPONSE_SEEN_PRINTED = f"(EXISTS ( SELECT FROM diagnostics_response its WHERE {ITS_PRINTED}))"  # nosec B608
IN_AN_OPEN_ROUND_PRINTED = (
    "(EXISTS ( SELECT FROM diagnostics_round asked "
    "WHERE ((asked.id = {table}.round_id) AND ((asked.state)::text = 'open'::text))))"
)
NOT_OF_A_CLOSED_ROUND_PRINTED = (
    f"(NOT (EXISTS ( SELECT FROM diagnostics_response its WHERE ({ITS_PRINTED} AND (its.{SHOWN_PRINTED})))))"  # nosec B608
)


def _printed(key: str, seen: str, added: str) -> dict[str, Printed]:
    own = OWN_PRINTED.format(column=key)
    its_own = f"({THEIRS_PRINTED} AND {own})"
    return {
        ADDED: Printed("INSERT", None, f"({THEIRS_PRINTED} AND {added})"),
        SEEN: Printed("SELECT", f"({THEIRS_PRINTED} AND ({own} OR {seen}))"),
        CHANGED: Printed("UPDATE", its_own, its_own),
        WITHDRAWN: Printed("DELETE", its_own),
        KEPT: Printed("ALL", "true", "true"),
    }


PRINTED = {
    "diagnostics_response": _printed("key", f"({SHOWN_PRINTED})", IN_AN_OPEN_ROUND_PRINTED),
    "diagnostics_answer": _printed("response_id", OF_A_RESPONSE_SEEN_PRINTED, NOT_OF_A_CLOSED_ROUND_PRINTED),
}
