"""The record of changes: triggers of the database write a row for each, and nothing the application does goes round it.

``recorded`` stands on a model whose changes matter and gives it a table of events (django-pghistory): what the row said
after each change, and who changed it (``partnerships.actor``). ``append_only`` in the migration of such a table leaves
the application's role nothing but to add lines and to read them. ``config/whats_recorded.py`` says of every model
whether it is recorded, and why not; a test walks them.

The library lets code switch its triggers off with a setting of the session, and a temporary table of the same name
would catch their lines. Neither works here: our triggers read no such setting, and name the schema.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import pghistory
import pgtrigger
from django.db import migrations, models
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from pghistory import trigger
from pghistory.models import Event
from pgtrigger import compiler

M = TypeVar("M", bound=models.Model)
# What the record begins with for rows that are older than it: no change, but what a later one is compared with.
FOUND = "found"


class UnskippableSql(compiler.UpsertTriggerSql):
    """The library's trigger without the setting that would switch it off. Migrations hold it, so it stays as it is."""

    def get_template(self) -> str:
        return """
            CREATE OR REPLACE FUNCTION {pgid}() RETURNS TRIGGER AS $$
                {declare}
                BEGIN
                    {func}
                END;
            $$ LANGUAGE plpgsql;

            DROP TRIGGER IF EXISTS {pgid} ON {table};
            CREATE {constraint} TRIGGER {pgid}
                {when} {operation} ON {table}
                {timing}
                {referencing}
                FOR EACH {level} {condition}
                EXECUTE PROCEDURE {execute};

            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """


class UnskippableTrigger(trigger.Event):
    """Writes the line of one kind of change into the events' own table, whatever the session has set."""

    # The library's own types say "model" where it wants its class, and half of it has none.
    def get_func(self, model: Any) -> Any:
        library: Any = super()
        func: Any = pgtrigger.Func
        text = str(library.get_func(model).func)
        return func(text.replace('INSERT INTO "', 'INSERT INTO public."', 1))

    def compile(self, model: Any) -> compiler.Trigger:
        made = super().compile(model)
        return compiler.Trigger(name=made.name, sql=UnskippableSql(**made.sql.kwargs))


class _Unskippable:
    """Has an event of the library use our trigger."""

    def add_event_trigger(self, event_model: type[models.Model]) -> None:
        event: Any = self
        made: Any = UnskippableTrigger
        pgtrigger.register(
            made(
                event_model=event_model,
                label=event.label,
                name=event.trigger_name,
                row=event.row,
                operation=event.operation,
                condition=event.condition,
                level=event.level,
            )
        )(event_model.pgh_tracked_model)  # type: ignore[attr-defined]


class Added(_Unskippable, pghistory.InsertEvent):
    pass


class Changed(_Unskippable, pghistory.UpdateEvent):
    pass


class Before(_Unskippable, pghistory.UpdateEvent):
    """What a row said before somebody changed it, where the record need not know how it came to be.

    The database fires triggers in the order of their names, so that this line stands before that of the change.
    """

    label = FOUND
    row = "OLD"


class Removed(_Unskippable, pghistory.DeleteEvent):
    pass


class ChangeEvent(Event):
    """What every table of events has in common: a key that lasts, when, what kind of change, and who."""

    pgh_id = models.BigAutoField(primary_key=True)

    class Meta:
        abstract = True


@dataclass(frozen=True)
class Recorded:
    """How people speak of a recorded model's rows.

    ``noun`` is what one is called, with its article where the sentence wants one; ``partnership`` the field that leads
    to the participation ("self" for the participation itself) or to the partnership, or to the row of another recorded
    model that leads on to the participation; ``moves`` whether a row may go over from one partnership to another, where
    its line is found by both; ``about`` the fields that tell one row from the next; ``left_out`` the fields that say
    nothing to a reader. ``owner`` is the column of the events that names the organisation whose record
    they are of; ``added`` what somebody did who made one.
    """

    model: type[models.Model]
    events: type[models.Model]
    noun: str
    partnership: str
    about: tuple[str, ...]
    left_out: frozenset[str]
    owner: str
    added: str
    moves: bool


RECORDED: dict[type[models.Model], Recorded] = {}
# Beside the row's own key, which never changes, these say when and by whom, which the event says itself.
NOT_NEWS = frozenset({"id", "organisation", "updated_at", "set_at", "set_by", "recorded_at", "recorded_by", "rated_by"})
# Loading a register says so with every statement (``partnerships.actor``); whatever does not, leaves a line.
NOT_LOADING = "current_setting('triage.loading_register', true) IS DISTINCT FROM 'on'"


def recorded(
    noun: str,
    *,
    added: str = "added",
    partnership: str = "",
    moves: bool = False,
    about: Sequence[str] = (),
    fields: Sequence[str] | None = None,
    leave_out: Sequence[str] = (),
    shared: bool = False,
    only: str = "",
    changes: bool = True,
) -> Callable[[type[M]], type[M]]:
    """Record every change of a model's rows. ``fields`` names those that are kept, where it is not all.

    The rows of a ``shared`` model are nobody's own: the record of a change belongs to the organisation that somebody
    acted for, and to nobody where nothing says for whom it was. ``only`` is SQL that tells which rows leave a line,
    with ``{row}`` for the row; without ``changes`` they leave one as they come and as they go.
    """

    def decorate(model: type[M]) -> type[M]:
        owner = "for_organisation" if shared else "organisation_id"
        left_out = NOT_NEWS.union(leave_out)
        events = _events_of(model, fields, owner, news=_News(left_out, only, changes))
        RECORDED[model] = Recorded(model, events, noun, partnership, tuple(about), left_out, owner, added, moves)
        return model

    return decorate


@dataclass(frozen=True)
class _News:
    """Which changes leave a line: of anything but what is ``left_out``, and only where ``only`` holds."""

    left_out: frozenset[str]
    only: str
    changes: bool

    def trackers(self, fields: Sequence[models.Field[Any, Any]]) -> list[Any]:
        changed = (one.column for one in fields if one.name not in self.left_out)
        news = " OR ".join(f'OLD."{column}" IS DISTINCT FROM NEW."{column}"' for column in changed)
        trackers: list[Any] = [Added(condition=self._where(row="NEW"))]
        if self.changes:
            trackers.append(Changed(condition=self._where(f"({news})", row="NEW")))
        if self.only == NOT_LOADING:
            trackers.append(Before(condition=self._where(f"({news})", row="OLD")))
        return [*trackers, Removed(condition=self._where(row="OLD"))]

    def _where(self, *besides: str, row: str) -> pgtrigger.Condition | None:
        conditions = [*besides, self.only.format(row=row)] if self.only else [*besides]
        return pgtrigger.Condition(f"({' AND '.join(conditions)})") if conditions else None


def _events_of(
    model: type[models.Model], fields: Sequence[str] | None, owner: str, *, news: _News
) -> type[models.Model]:
    kept = [one for one in model._meta.local_fields if fields is None or one.name in fields]
    name = f"{model._meta.model_name}"
    pghistory.track(
        *news.trackers(kept),
        fields=[one.name for one in kept],
        model_name=f"{model.__name__}Event",
        base_model=ChangeEvent,
        obj_field=pghistory.ObjForeignKey(related_name="+", db_index=False),
        context_field=pghistory.ContextJSONField(),
        context_id_field=None,  # type: ignore[arg-type]  # none, as the library's own words have it
        attrs={"for_organisation": _for_whom()} if owner == "for_organisation" else None,
        meta={
            "ordering": ["-pgh_created_at", "-pgh_id"],
            "indexes": [
                models.Index(name=f"{name[:22]}_when", fields=[owner.removesuffix("_id"), "pgh_created_at", "pgh_id"]),
                models.Index(name=f"{name[:22]}_what", fields=["pgh_obj", "pgh_id"]),
            ],
        },
    )(model)
    events: type[models.Model] = model.pgh_event_model  # type: ignore[attr-defined]
    return events


def _for_whom() -> models.GeneratedField:
    """The organisation that somebody acted for, as a column that policies and indexes can use."""
    return models.GeneratedField(
        expression=Cast(KeyTextTransform("organisation", "pgh_context"), models.BigIntegerField()),
        output_field=models.BigIntegerField(null=True),
        db_persist=True,
    )


def append_only(table: str) -> migrations.RunSQL:
    """Leave everybody but the owner of ``table`` only to read its rows and to add some.

    Default privileges have given more as the table was made; they give nothing later.
    """
    return migrations.RunSQL(TAKE_BACK.format(table=table), migrations.RunSQL.noop)


# Migrations do not know what the application's role is called; the table does.
TAKE_BACK = """
DO $do$
DECLARE other regrole;
BEGIN
  FOR other IN
    SELECT DISTINCT granted.grantee::regrole
    FROM pg_class, aclexplode(relacl) AS granted
    WHERE pg_class.oid = 'public.{table}'::regclass AND granted.grantee NOT IN (0, relowner)
  LOOP
    EXECUTE format('REVOKE ALL ON public.{table} FROM %s', other);
    EXECUTE format('GRANT SELECT, INSERT ON public.{table} TO %s', other);
  END LOOP;
  REVOKE ALL ON public.{table} FROM PUBLIC;
END
$do$
"""


def begin_with_what_is_there(app: str, *names: str) -> migrations.RunPython:
    """Note once what each row says as the record of its model begins, so that the first change has a before."""

    def note(apps: Any, editor: Any) -> None:
        for name in names:
            events, model = apps.get_model(app, f"{name}Event"), apps.get_model(app, name)
            kept = [one.column for one in events._meta.local_fields if not one.name.startswith(("pgh_", "for_"))]
            columns = ", ".join(f'"{column}"' for column in kept)
            # only names of our own models' tables and columns are put into the statement
            editor.execute(
                f'INSERT INTO public."{events._meta.db_table}" '  # noqa: S608  # nosec B608
                f"(pgh_created_at, pgh_label, pgh_obj_id, {columns}) "
                f"SELECT now(), '{FOUND}', id, {columns} FROM public.\"{model._meta.db_table}\""
            )

    return migrations.RunPython(note, migrations.RunPython.noop)
