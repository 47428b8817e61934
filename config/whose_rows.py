"""Whose rows each table holds, said once for every table there is.

A test walks the models and the database: a new table has to be named here, and one that an organisation owns has to be
protected by a policy (``partnerships.row_security.protect`` in its migration). Every process looks at start-up whether
those policies are there (``config.isolation_at_start``).
"""

from __future__ import annotations

from diagnostics import answers_security
from partnerships.row_security import BY_EMPLOYERS, BY_HANDED_LINK, BY_LINK, IN_WHAT_IS_SEEN, OF_NOBODY, OF_PERSON

# Seen and written only by code that acts for the organisation of the row; some besides by others, as said.
OWNED: dict[str, tuple[str, ...]] = {
    "partnerships_accessgrant": (OF_PERSON,),  # which organisations somebody may act for, before they do
    "partnerships_accessinvitation": (BY_LINK,),  # an invitation says to which organisation it leads
    "partnerships_adjusteddays": (),
    "partnerships_capacityadjustment": (),
    "partnerships_capacitypool": (),
    "partnerships_capacityquarter": (),
    "partnerships_costofchange": (),
    "partnerships_daysneeded": (),
    "partnerships_difference": (),
    "partnerships_differencechange": (),
    "partnerships_engagementlevel": (),
    "partnerships_importpreview": (),
    "partnerships_ledgerentry": (),
    "partnerships_measurepoint": (),
    "partnerships_objective": (),
    "partnerships_objectiverank": (),
    "partnerships_objectiveweight": (),
    "partnerships_outcomemeasure": (),
    "partnerships_participation": (IN_WHAT_IS_SEEN,),  # who takes part in a partnership sees its name and members
    "partnerships_participationstatechange": (),
    "partnerships_pastrule": (),
    "partnerships_poolshare": (),
    "partnerships_portfoliorule": (),
    "partnerships_recordlink": (),
    "partnerships_recordnote": (),
    "partnerships_rulemember": (),
    "partnerships_sharing": (),
    "partnerships_valuerating": (),
    "partnerships_wayofcreatingvalue": (),
    "partnerships_wayrank": (),
    "partnerships_wayweight": (),
    "diagnostics_earlierlink": (BY_LINK,),  # a link that was replaced says whose survey it was for
    "diagnostics_instrumentchoice": (),
    "diagnostics_instrumentversion": (),
    # a respondent's link says whose survey it is, and so does one that was handed out
    "diagnostics_invitation": (BY_LINK, BY_HANDED_LINK),
    "diagnostics_openlink": (BY_LINK,),  # an open link says whose survey it is
    "diagnostics_partnerreply": (BY_LINK,),  # the address of what was published says whose it is
    "diagnostics_reminder": (),
    "diagnostics_replyletter": (),
    "diagnostics_replyline": (),
    "diagnostics_round": (),
    "scoring_explanation": (),
    "scoring_recommendation": (),
    "scoring_run": (),
    "scoring_runchange": (),
    "scoring_tippingpoint": (),
    "scoring_whatif": (),
    "decisions_agendaitem": (),
    "decisions_capacityoption": (),
    "decisions_checklistitem": (),
    "decisions_decision": (),
    "decisions_draft": (),
    "decisions_duereminder": (),
    "decisions_kindno": (),
    "decisions_letter": (),
    "decisions_letterreply": (),
    "decisions_lettertemplate": (),
    "decisions_meeting": (),
    "decisions_planaction": (),
    "decisions_practice": (),
    "decisions_promise": (),
    "decisions_promisemoved": (),
    "decisions_review": (),
    "decisions_takeneffect": (),
    "decisions_telling": (),
    # the record of their changes, to which lines are only added
    "partnerships_accessgrantevent": (),
    "partnerships_accessinvitationevent": (),
    "partnerships_adjusteddaysevent": (),
    "partnerships_capacityadjustmentevent": (),
    "partnerships_capacitypoolevent": (),
    "partnerships_capacityquarterevent": (),
    "partnerships_costofchangeevent": (),
    "partnerships_daysneededevent": (),
    "partnerships_differenceevent": (),
    "partnerships_engagementlevelevent": (),
    "partnerships_ledgerentryevent": (),
    "partnerships_measurepointevent": (),
    "partnerships_objectiveevent": (),
    "partnerships_objectiverankevent": (),
    "partnerships_objectiveweightevent": (),
    "partnerships_outcomemeasureevent": (),
    "partnerships_participationevent": (),
    "partnerships_poolshareevent": (),
    "partnerships_portfolioruleevent": (),
    "partnerships_recordlinkevent": (),
    "partnerships_recordnoteevent": (),
    "partnerships_rulememberevent": (),
    "partnerships_sharingevent": (),
    "partnerships_valueratingevent": (),
    "partnerships_wayofcreatingvalueevent": (),
    "partnerships_wayrankevent": (),
    "partnerships_wayweightevent": (),
    "diagnostics_instrumentchoiceevent": (),
    "diagnostics_instrumentversionevent": (),
    "diagnostics_openlinkevent": (),
    "diagnostics_partnerreplyevent": (),
    "diagnostics_replylineevent": (),
    "diagnostics_roundevent": (),
    "scoring_runevent": (),
    "scoring_tippingpointevent": (),
    "scoring_whatifevent": (),
    "decisions_agendaitemevent": (),
    "decisions_capacityoptionevent": (),
    "decisions_checklistitemevent": (),
    "decisions_decisionevent": (),
    "decisions_kindnoevent": (),
    "decisions_letterevent": (),
    "decisions_letterreplyevent": (),
    "decisions_lettertemplateevent": (),
    "decisions_meetingevent": (),
    "decisions_planactionevent": (),
    "decisions_practiceevent": (),
    "decisions_promiseevent": (),
    "decisions_promisemovedevent": (),
    "decisions_reviewevent": (),
    "decisions_takeneffectevent": (),
    "decisions_tellingevent": (),
}

# Owned like those, but what is seen and written of them is said by the rules of their survey.
BY_A_SURVEYS_RULES = answers_security.PRINTED

# Lines about what is shared, or about nobody in particular: those that name an organisation are seen by it only, the
# others by nobody. The column that names it, and by what other policies.
SOME_OWNED: dict[str, tuple[str, tuple[str, ...]]] = {
    "partnerships_deed": ("organisation_id", (OF_NOBODY,)),  # a failed sign-in that names no account is nobody's
    "partnerships_partnershipevent": ("for_organisation", (OF_NOBODY,)),  # what nobody says who changed leaves one too
    "partnerships_partnershipmembershipevent": ("for_organisation", (OF_NOBODY,)),
    "partnerships_personevent": ("for_organisation", (BY_EMPLOYERS, OF_NOBODY)),
}

# What a register says is everybody's; what an organisation recorded is seen by those who are in it, and by whom one of
# them showed it. What their policies are stands in ``partnerships.row_security``.
OF_MEMBERS: dict[str, str] = {
    "partnerships_partnership": "a partnership's name and kind",
    "partnerships_partnershipmembership": "who is a member of what",
}

# The same for everybody, and why that shows nobody's own.
SHARED: dict[str, str] = {
    "partnerships_organisation": "the public register of organisations",
    "partnerships_organisationname": "the names that the register gave them",
    "partnerships_partnershipkind": "the list of kinds",
    "partnerships_sharedlevel": "a view, which shows levels to those with whom they were shared",
    "decisions_shareddecision": "a view, which shows decisions to those with whom they were shared",
    "partnerships_registerfile": "which public files were read, and how many rows each changed",
    "partnerships_person": "accounts: one person may act for several organisations",
    "partnerships_person_groups": "not used, and empty",
    "partnerships_person_user_permissions": "not used, and empty",
    "scoring_night": "when a night of scoring everybody was, and how many there were",
    "account_emailaddress": "addresses of accounts",
    "account_emailconfirmation": "addresses that wait to be confirmed",
    "auth_group": "not used, and empty",
    "auth_group_permissions": "not used, and empty",
    "auth_permission": "made by the framework, and not used",
    "cache": "how often a sign-in was tried; of starts with an open link digests that end at a midnight, for no times",
    "django_content_type": "the names of the models",
    "django_migrations": "which migrations have run",
    "django_session": "who is signed in, by the digest of a key that only their browser has",
    "pghistory_context": "not used, and empty: each line of the record says itself who it was",
    "mfa_authenticator": "second steps of accounts",
    "socialaccount_socialaccount": "who an account is at the organisation's own sign-in",
    "socialaccount_socialapp": "not used: the provider stands in the settings",
    "socialaccount_socialtoken": "not used, and empty",
    "usersessions_usersession": "where an account is signed in, by the same digest",
}

# By name, what each of them is: a table, or a view ("r" and "v", as PostgreSQL says it).
KINDS: dict[str, str] = {
    **dict.fromkeys([*OWNED, *BY_A_SURVEYS_RULES, *SOME_OWNED, *OF_MEMBERS, *SHARED], "r"),
    "partnerships_sharedlevel": "v",
    "decisions_shareddecision": "v",
}

# Functions that run with the rights of the tables' owner: they give out ids, counts and times, or hold a rule.
LOOKS_OVER_ALL = frozenset(
    {
        "diagnostics_due_to_open(date)",
        "diagnostics_past_their_last_day(date)",
        "decisions_with_effects_due(date)",
        "decisions_with_reminders_due(date)",
        "decisions_with_letters_due(timestamp with time zone, timestamp with time zone)",
        "diagnostics_with_letters_waiting()",
        "diagnostics_with_reminders_due(date)",
        "diagnostics_keep_the_rules_of_a_round()",
        "diagnostics_responses_with(text[])",
        "diagnostics_sent_before(bigint, date, bigint)",
        "diagnostics_shuffle(bigint)",
        "keep_an_active_administrator()",
        "keep_an_administrator()",
        "partnerships_in_sight()",
        "partnerships_organisations_in_use()",
        "scoring_night_counts(bigint[])",
        "scoring_night_failed(bigint, bigint)",
        "scoring_night_finished_since(bigint, timestamp with time zone)",
        "scoring_night_next()",
        "scoring_night_sent()",
        "scoring_night_sent_before(timestamp with time zone, bigint)",
        "scoring_night_unsent(bigint)",
        "scoring_owner_of(text, bigint)",
        "scoring_ready_for_the_night()",
        "scoring_with_explanations_left(timestamp with time zone, timestamp with time zone, timestamp with time zone)",
        "scoring_with_runs_left(timestamp with time zone, timestamp with time zone)",
        "scoring_with_what_ifs_left(timestamp with time zone, timestamp with time zone, timestamp with time zone)",
    }
)
