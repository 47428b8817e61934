"""Row-level security as migrations make it: which rows of a table a statement sees and may write.

``protect`` makes an owned table show each organisation's rows to code that acts for it, and to no other; whoever owns
the table (migrations) sees all. Whoever adds an owned table protects it in the same migration and names it in
``config/whose_rows.py``; a test walks both. ``gives_out_ids`` makes the few functions that look over all organisations:
they run with the rights of the owner and give out ids, counts and times, never what somebody wrote.

What a statement may see is said in settings that ``partnerships.isolation`` sends. Each is read in a sub-select, so
that the database reads it once a statement and can use an index on the organisation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import migrations

OWNED, KEPT, OF_PERSON, BY_LINK = "owned_by_organisation", "kept_by_its_owner", "seen_by_its_person", "seen_by_its_link"
BY_HANDED_LINK = "seen_by_its_handed_link"
BY_EMPLOYERS, OF_NOBODY = "seen_where_it_has_a_role", "added_for_nobody"
PUBLIC, BY_MEMBERS = "public_or_recorded_here", "seen_by_its_members"
# Not a policy but what the first of them asks besides of what is written: to take part in what one sees. Whoever takes
# part is shown the partnership's name and members.
IN_WHAT_IS_SEEN = "in_a_partnership_that_is_seen"


def with_parts(rule: str, **parts: str) -> str:
    """A rule whose parts, all of them ours, stand where their names did in braces."""
    for name, part in parts.items():
        rule = rule.replace("{" + name + "}", part)
    return rule


ACTING_FOR = (
    "{column} = ANY ((SELECT string_to_array(NULLIF(current_setting('triage.organisations', true), ''), ',')"
    "::bigint[])::bigint[])"
)
ACTING_AS = "{column} = (SELECT NULLIF(current_setting('triage.person', true), '')::bigint)"
WITH_LINK = "{column} = (SELECT NULLIF(current_setting('triage.link', true), ''))"
# Whether the line is of a time at which they had a role: each time is told by the grant's own lines, the last of which
# says when it ended. A grant and what comes with it are of one transaction, whose moment lies before the grant's.
EMPLOYING = (
    "EXISTS (SELECT FROM public.partnerships_accessgrantevent AS held WHERE held.person_id = {table}.{account} "
    "AND held.{theirs} AND least(held.granted_at, held.pgh_created_at) <= {table}.pgh_created_at "
    "AND {table}.pgh_created_at < coalesce("
    "(SELECT CASE latest.pgh_label WHEN 'delete' THEN latest.pgh_created_at ELSE latest.expires_at END "
    "FROM public.partnerships_accessgrantevent AS latest WHERE latest.pgh_obj_id = held.pgh_obj_id "
    "AND latest.granted_at = held.granted_at ORDER BY latest.pgh_id DESC LIMIT 1), 'infinity'))"
)
# Of partnerships and their members: what a register says is everybody's, what an organisation recorded is its own.
IN_REGISTER_OR_RECORDED_HERE = f"recorded_by_id IS NULL OR {ACTING_FOR.format(column='recorded_by_id')}"
_RECORDED_HERE = with_parts(
    "partnership_id IN (SELECT its.id FROM public.partnerships_partnership AS its WHERE {ours})",
    ours=ACTING_FOR.format(column="its.recorded_by_id"),
)
MEMBER_IN_REGISTER_OR_RECORDED_HERE = f"source <> 'person' OR {_RECORDED_HERE}"
# A line that says that a register said so could otherwise show a partnership that no register has.
MEMBER_AS_ITS_PARTNERSHIP = with_parts(
    "CASE WHEN source = 'person' THEN {recorded_here} ELSE EXISTS (SELECT FROM public.partnerships_partnership AS its "
    "WHERE its.id = partnership_id AND its.recorded_by_id IS NULL) END",
    recorded_here=_RECORDED_HERE,
)
SEEN_PARTNERSHIP = "partnership_id IN (SELECT its.id FROM public.partnerships_partnership AS its)"
SEEN_PARTNERSHIP_PRINTED = "(partnership_id IN ( SELECT its.id FROM partnerships_partnership its))"
IN_SIGHT = "{column} IN (SELECT public.partnerships_in_sight())"


# The same as PostgreSQL prints them once they are policies (``pg_policies``); spaces aside, to the letter.
ACTING_FOR_PRINTED = (
    "({column} = ANY (( SELECT (string_to_array(NULLIF(current_setting('triage.organisations'::text, true), ''::text), "
    "','::text))::bigint[] AS string_to_array)::bigint[]))"
)
ACTING_AS_PRINTED = (
    "(person_id = ( SELECT (NULLIF(current_setting('triage.person'::text, true), ''::text))::bigint AS \"nullif\"))"
)
WITH_LINK_PRINTED = (
    "((link_hash)::text = ( SELECT NULLIF(current_setting('triage.link'::text, true), ''::text) AS \"nullif\"))"
)
EMPLOYING_PRINTED = (
    "(EXISTS ( SELECT FROM partnerships_accessgrantevent held WHERE ((held.person_id = {table}.pgh_obj_id) "
    "AND {theirs} AND (LEAST(held.granted_at, held.pgh_created_at) <= {table}.pgh_created_at) "
    "AND ({table}.pgh_created_at < COALESCE(( SELECT CASE latest.pgh_label WHEN 'delete'::text "
    "THEN latest.pgh_created_at ELSE latest.expires_at END AS expires_at FROM partnerships_accessgrantevent latest "
    "WHERE ((latest.pgh_obj_id = held.pgh_obj_id) AND (latest.granted_at = held.granted_at)) "
    "ORDER BY latest.pgh_id DESC LIMIT 1), 'infinity'::timestamp with time zone)))))"
)
_RECORDED_HERE_PRINTED = with_parts(
    "(partnership_id IN ( SELECT its.id FROM partnerships_partnership its WHERE {ours}))",
    ours=ACTING_FOR_PRINTED.format(column="its.recorded_by_id"),
)


@dataclass(frozen=True)
class Printed:
    """A policy as ``pg_policies`` shows it: for which command, which rows are seen and which may be written."""

    command: str
    seen: str | None = None
    written: str | None = None

    def format(self, *, table: str) -> tuple[str, str | None, str | None]:
        """The three, where a policy speaks of its own table with that table's name."""
        seen, written = (part and part.replace("{table}", table) for part in (self.seen, self.written))
        return self.command, seen, written


def printed_policies(more: tuple[str, ...], *, owner: str = "organisation_id") -> dict[str, Printed]:
    """By name, the policies that ``protect`` makes of a table whose owner stands in the column ``owner``.

    ``more`` names those it has besides, and ``IN_WHAT_IS_SEEN``; the columns that these read are the same wherever they
    are used.
    """
    theirs = ACTING_FOR_PRINTED.format(column=owner)
    employing = EMPLOYING_PRINTED.replace("{theirs}", ACTING_FOR_PRINTED.format(column="held.organisation_id"))
    written = f"({theirs} AND {SEEN_PARTNERSHIP_PRINTED})" if IN_WHAT_IS_SEEN in more else theirs
    every = {
        OWNED: Printed("ALL", theirs, written),
        KEPT: Printed("ALL", "true", "true"),
        OF_PERSON: Printed("SELECT", ACTING_AS_PRINTED),
        BY_LINK: Printed("SELECT", WITH_LINK_PRINTED),
        BY_HANDED_LINK: Printed("SELECT", WITH_LINK_PRINTED.replace("link_hash", "handed_hash")),
        BY_EMPLOYERS: Printed("SELECT", employing),
        OF_NOBODY: Printed("INSERT", None, f"({owner} IS NULL)"),
    }
    return {name: every[name] for name in (OWNED, KEPT, *more) if name != IN_WHAT_IS_SEEN}


_PARTNERSHIPS = f"((recorded_by_id IS NULL) OR {ACTING_FOR_PRINTED.format(column='recorded_by_id')})"
_MEMBERSHIPS = f"(((source)::text <> 'person'::text) OR {_RECORDED_HERE_PRINTED})"
_AS_ITS_PARTNERSHIP = with_parts(
    "CASE WHEN ((source)::text = 'person'::text) THEN {recorded_here} ELSE (EXISTS ( SELECT FROM "
    "partnerships_partnership its WHERE ((its.id = {table}.partnership_id) AND (its.recorded_by_id IS NULL)))) END",
    recorded_here=_RECORDED_HERE_PRINTED,
)
IN_SIGHT_PRINTED = "({column} IN ( SELECT partnerships_in_sight() AS partnerships_in_sight))"
# The policies of what a register shows to everybody, and what an organisation recorded to its members.
OF_MEMBERS_PRINTED: dict[str, dict[str, Printed]] = {
    "partnerships_partnership": {
        PUBLIC: Printed("ALL", _PARTNERSHIPS, _PARTNERSHIPS),
        BY_MEMBERS: Printed("SELECT", IN_SIGHT_PRINTED.format(column="id")),
        KEPT: Printed("ALL", "true", "true"),
    },
    "partnerships_partnershipmembership": {
        PUBLIC: Printed("ALL", _MEMBERSHIPS, _AS_ITS_PARTNERSHIP),
        BY_MEMBERS: Printed("SELECT", IN_SIGHT_PRINTED.format(column="partnership_id")),
        KEPT: Printed("ALL", "true", "true"),
    },
}


def protect(
    table: str,
    *,
    owner: str = "organisation_id",
    person: str = "",
    link: str = "",
    account: str = "",
    nobodys: bool = False,
) -> migrations.RunSQL:
    """Show the table's rows to their organisation only, whose id stands in the column ``owner``.

    Rows may besides be read by the person in the column ``person``, and with the link whose hash stands in the column
    ``link``, and by the organisations at which the ``account`` had a role as the row was written. Rows of nobody, if
    there may be ``nobodys``, can be added and not read.
    """
    policies = list(_policies(table, owner, person, link, account, nobodys=nobodys))
    return migrations.RunSQL(
        [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            *(f"CREATE POLICY {name} ON {table} {rule}" for name, rule in policies),
        ],
        [
            *(f"DROP POLICY {name} ON {table}" for name, _ in policies),
            f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        ],
    )


def only_in_what_is_seen(table: str) -> migrations.RunSQL:
    """Let the rows of a protected table be written only for a partnership (``partnership_id``) that one sees."""
    theirs = ACTING_FOR.format(column="organisation_id")
    return migrations.RunSQL(
        f"ALTER POLICY {OWNED} ON {table} USING ({theirs}) WITH CHECK ({theirs} AND {SEEN_PARTNERSHIP})",
        f"ALTER POLICY {OWNED} ON {table} USING ({theirs}) WITH CHECK ({theirs})",
    )


def _policies(
    table: str, owner: str, person: str, link: str, account: str, *, nobodys: bool
) -> Iterator[tuple[str, str]]:
    theirs = ACTING_FOR.format(column=owner)
    yield OWNED, f"USING ({theirs}) WITH CHECK ({theirs})"
    # Forced, the policies hold for the owner too, and a migration has to see the rows that it changes.
    yield KEPT, "TO CURRENT_USER USING (true) WITH CHECK (true)"
    if person:
        yield OF_PERSON, f"FOR SELECT USING ({ACTING_AS.format(column=person)})"
    if link:
        yield BY_LINK, f"FOR SELECT USING ({WITH_LINK.format(column=link)})"
    if account:
        employing = EMPLOYING.format(table=table, account=account, theirs=ACTING_FOR.format(column="organisation_id"))
        yield BY_EMPLOYERS, f"FOR SELECT USING ({employing})"
    if nobodys:
        yield OF_NOBODY, f"FOR INSERT WITH CHECK ({owner} IS NULL)"


def gives_out_ids(signature: str, returns: str, body: str, *, locks: bool = False) -> migrations.RunSQL:
    """A function over the rows of all organisations, such as ``of_run(run bigint)``, whose ``body`` is one query.

    The body names every table with its schema, since nothing else is looked up for it. Whoever may add organisations,
    which is the application's role, may call it; nobody else may. ``locks`` for a body that locks rows.
    """
    name = signature.partition("(")[0]
    return migrations.RunSQL(
        [
            f"CREATE FUNCTION public.{signature} RETURNS {returns} LANGUAGE sql {'VOLATILE' if locks else 'STABLE'} "
            f"SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$ {body} $body$",
            f"REVOKE ALL ON FUNCTION public.{name} FROM PUBLIC",
            GRANT_TO_THE_APPLICATION.format(name=name),
        ],
        [f"DROP FUNCTION public.{name}"],
    )


# Migrations do not know what the application's role is called; the tables do.
GRANT_TO_THE_APPLICATION = """
DO $do$
DECLARE reader regrole;
BEGIN
  FOR reader IN
    SELECT DISTINCT granted.grantee::regrole
    FROM pg_class, aclexplode(relacl) AS granted
    WHERE pg_class.oid = 'public.partnerships_organisation'::regclass
      AND granted.privilege_type = 'INSERT' AND granted.grantee NOT IN (0, relowner)
  LOOP
    EXECUTE format('GRANT EXECUTE ON FUNCTION public.{name} TO %s', reader);
  END LOOP;
END
$do$
"""
