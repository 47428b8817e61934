"""What the migrations made besides tables and policies: functions, the view, and triggers, said once.

A function is known by a digest of its body and of what else it runs with. PostgreSQL keeps a body as it was written, so
the digest is the same on any version. The view it prints anew each time; where another version than 18 prints it
otherwise, that digest is added. The triggers of the record and their functions follow from the models
(``partnerships.recording``), so that nobody has to write them down.

A test compares all of it with a database in which the migrations have run, and says what to write here.
"""

from __future__ import annotations

import re
from functools import cache

import pgtrigger

# By signature. Those that run with the rights of the tables' owner are in ``config.whose_rows`` too.
FUNCTIONS: dict[str, str] = {
    "_pgh_attach_context()": "d716bde33a82a977f5f17c0fc51605a7",  # the library's, and not used
    "decisions_with_effects_due(date)": "40b2db2b65d68ec78ee233d6c36f2fbf",
    "decisions_with_reminders_due(date)": "ed039426872c0e9a1d73cb7ed608d680",
    "decisions_with_letters_due(timestamp with time zone, timestamp with time zone)": (
        "f9ab995816c64c65f916f3ab865ee367"
    ),
    "diagnostics_add_answers(text, text, date, text[], smallint[], text[])": "49b54f5e8599c498c5253a8b69bf4084",
    "diagnostics_due_to_open(date)": "6423c0c43645b11e87397ebd2775f70b",
    "diagnostics_keep_the_rules_of_a_round()": "58c901e7aed4f277e7e7e5c8b23e6c66",
    "diagnostics_past_their_last_day(date)": "f08a3af853a212f85e8c5da52bc9782e",
    "diagnostics_responses_with(text[])": "9a4bdf9f5af94e4f1549b23f6083966e",
    "diagnostics_sent_before(bigint, date, bigint)": "c54716b6dabcec81f6f2847f2c5931e9",
    "diagnostics_shuffle(bigint)": "0030eba749c0563242ae181d2e805e47",
    "diagnostics_with_letters_waiting()": "fc42c391049a669f87d14da6b7ef7fd8",
    "diagnostics_with_reminders_due(date)": "0c255befc58a00d6395fa33413897625",
    "keep_an_active_administrator()": "4c3dede830f8334cbfb366b8d0fbde13",
    "keep_an_administrator()": "a9894b49c3bf3dfee78222c6e904ee73",
    "keep_published_questions()": "538619ee3e1d93410d0a2bd76b384556",
    "keep_what_a_survey_asks_about()": "8a4ddee31f39277df1d2b314e5016beb",
    "partnerships_in_sight()": "e0b012089dafdfe9b5051dbafc6986a1",
    "partnerships_organisations_in_use()": "bb871e5b980605c3f257ca80fce5a596",
    "refuse_unknown_questions()": "4d3c31c292cd8ca6a091aa5d12c270b1",
    "scoring_night_counts(bigint[])": "d771f12fa0c6a5402f15c91db4aeb554",
    "scoring_night_failed(bigint, bigint)": "da552137038790d3694c8004ecb9fbaf",
    "scoring_night_finished_since(bigint, timestamp with time zone)": "f18e56bf52097fd2c1e307ca6fc6d00e",
    "scoring_night_next()": "a9dff9416c4e7a789c01d4153d4106af",
    "scoring_night_sent()": "dde558c9e9f0b2d5999ef098ba0b7a04",
    "scoring_night_sent_before(timestamp with time zone, bigint)": "0dced710da1c442274ceea1a7528c657",
    "scoring_night_unsent(bigint)": "3c65ab47c4916dae69a58a366be12314",
    "scoring_owner_of(text, bigint)": "92ff09358b14f606f0e2140240003a10",
    "scoring_ready_for_the_night()": "40408d1c8334786836268d0bd692a497",
    "scoring_with_explanations_left(timestamp with time zone, timestamp with time zone, timestamp with time zone)": (
        "1c95e92ce0d33e97903099ed91f41004"
    ),
    "scoring_with_runs_left(timestamp with time zone, timestamp with time zone)": "8339a1b0b859061911b7c2ba8a7bbebb",
    "scoring_with_what_ifs_left(timestamp with time zone, timestamp with time zone, timestamp with time zone)": (
        "2167c51d86d84f5ff059184dbe9644bb"
    ),
}

# By name: the digests of the view as it is printed.
VIEWS: dict[str, frozenset[str]] = {
    "decisions_shareddecision": frozenset({"a846098d93a0e78ca3bdc94749d90250"}),
    "partnerships_sharedlevel": frozenset({"76c2d5027333165aff42df1bef67275b"}),
}

# By table and name, those that keep rules; as PostgreSQL prints them.
KEEP_RULES: dict[tuple[str, str], str] = {
    ("diagnostics_round", "keep_the_rules"): (
        "CREATE TRIGGER keep_the_rules BEFORE INSERT OR UPDATE ON public.diagnostics_round "
        "FOR EACH ROW EXECUTE FUNCTION diagnostics_keep_the_rules_of_a_round()"
    ),
    ("diagnostics_round", "keep_the_subject"): (
        "CREATE TRIGGER keep_the_subject BEFORE UPDATE OF subject ON public.diagnostics_round FOR EACH ROW "
        "WHEN ((((old.state)::text <> 'draft'::text) AND ((new.subject)::text IS DISTINCT FROM (old.subject)::text))) "
        "EXECUTE FUNCTION keep_what_a_survey_asks_about()"
    ),
    ("diagnostics_round", "refuse_unknown_questions"): (
        "CREATE TRIGGER refuse_unknown_questions BEFORE INSERT OR UPDATE OF organisation_id, subject, "
        "instrument_version ON public.diagnostics_round FOR EACH ROW WHEN (((new.subject)::text = ANY "
        "((ARRAY['partnership'::character varying, 'by_partners'::character varying, "
        "'by_us'::character varying])::text[]))) EXECUTE FUNCTION refuse_unknown_questions()"
    ),
    ("partnerships_accessgrant", "keep_an_administrator"): (
        "CREATE TRIGGER keep_an_administrator AFTER DELETE OR UPDATE ON public.partnerships_accessgrant FOR EACH ROW "
        "WHEN ((((old.role)::text = 'administrator'::text) AND (old.expires_at IS NULL))) "
        "EXECUTE FUNCTION keep_an_administrator()"
    ),
    ("partnerships_person", "keep_an_active_administrator"): (
        "CREATE TRIGGER keep_an_active_administrator AFTER DELETE OR UPDATE OF is_active ON public.partnerships_person "
        "FOR EACH ROW WHEN (old.is_active) EXECUTE FUNCTION keep_an_active_administrator()"
    ),
    ("diagnostics_instrumentversion", "keep_published_questions"): (
        "CREATE TRIGGER keep_published_questions BEFORE DELETE OR UPDATE OF id, organisation_id, subject, version, "
        "based_on, document, created_at, created_by_id, published_at, published_by_id "
        "ON public.diagnostics_instrumentversion "
        "FOR EACH ROW WHEN ((old.published_at IS NOT NULL)) EXECUTE FUNCTION keep_published_questions()"
    ),
}

TYPES = re.compile(r"::[a-z]+(?: varying| precision| with time zone|\[\])*")
NOT_SAID = re.compile(r"[\s();]|public\.")
QUOTED = re.compile(r"""('(?:[^']|'')*'|"[^"]*")""")


def plain(trigger: str) -> str:
    """A trigger as it is written and as PostgreSQL prints it, made the same: without types, brackets and blanks. What
    stands in quotes stays as it is.
    """
    written, quoted = QUOTED.split(trigger)[::2], QUOTED.findall(trigger)
    parts = [NOT_SAID.sub("", TYPES.sub("", part.lower())) for part in written]
    parts = [part.replace("executeprocedure", "executefunction") for part in parts]
    return "".join(part + one.strip('"') for part, one in zip(parts, [*quoted, ""], strict=True))


@cache
def of_the_record() -> dict[tuple[str, str], tuple[str, str]]:
    """By table and name, what each trigger of the record is, made plain, and the body of its function."""
    found = {}
    for model, trigger in pgtrigger.registered():
        # The function, then the trigger: what was there before is dropped, it is made, and it is commented on.
        _, _, written = str(trigger.compile(model).install_sql).partition(" AS $$")
        body, _, rest = written.partition("$$ LANGUAGE plpgsql;")
        _, made, *_ = rest.split(";")
        found[model._meta.db_table, trigger.get_pgid(model)] = (plain(made), body)
    return found


def triggers() -> dict[tuple[str, str], str]:
    """By table and name, every trigger that has to fire, as ``as_compared`` says it: those that write the record, and
    those that keep rules: of an organisation's last administrator, of a survey and what it asks about, of the questions
    that people were asked.
    """
    return {pair: trigger for pair, (trigger, _) in of_the_record().items()} | KEEP_RULES


def as_compared(pair: tuple[str, str], printed: str) -> str:
    """A trigger as PostgreSQL prints it: to the letter where it keeps a rule, made plain where the models say it."""
    return printed if pair in KEEP_RULES else plain(printed)


def bodies_of_the_record() -> dict[str, str]:
    """By signature, what the functions of the record's triggers say."""
    return {f"{name}()": body for (_, name), (_, body) in of_the_record().items()}
