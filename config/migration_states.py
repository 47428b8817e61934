"""Migrations as Django runs them, which render fewer models on the way.

For each operation Django renders a model anew from what the migrations say of it. With it go all that are related to it
in any direction, and what those are related to: here nearly every model there is, a thousand times, through people and
organisations. That was nine tenths of what migrating an empty database took.

A model has to be rendered anew where it has changed, or where it refers to one that is: it would hold the old one. What
a changed model itself refers to stays as it is; Django has forgotten by then what it knew of who refers to it. So each
model and what leads to it is enough, and no model ever holds another than the one that is there.
``tests/unit/config/test_migration_states.py`` walks all migrations for that, and ``tests/benchmarks/migrating.py``
compares every statement and what comes out with Django's own way.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

Key = tuple[str, str]  # of a model: its app's label, and its own name in lower case


class State(ProjectState):
    """What the models are between two migrations. Only for the way forwards, where one state turns into the next."""

    def _find_reload_model(self, app_label: str, model_name: str, delay: bool = False) -> set[Key]:
        """The models to render anew with this one. What Django calls delayed, it renders anew as a whole for code."""
        self.is_delayed = self.is_delayed or delay
        found: set[Key] = set()
        waiting = [(app_label, model_name)]
        while waiting:
            key = waiting.pop()
            if key not in found:
                found.add(key)
                waiting += self._leading_to(key)
        return found

    def _leading_to(self, key: Key) -> Iterator[Key]:
        """The models that hold this one: by a field, as what they inherit from, or as what a field goes through."""
        try:
            model = self.apps.get_model(*key)
        except LookupError:
            return  # it is only now coming
        yield from map(_key, model.__subclasses__())
        # To ask for them also has the old model remember them, as the operation will ask it who referred to it.
        for field in model._meta.get_fields(include_hidden=True):
            if field.auto_created and not field.concrete:
                yield _key(field.related_model)
        for other in self.apps.get_models():
            if any(_through(field) is model for field in other._meta.local_many_to_many):
                yield _key(other)


class Executor(MigrationExecutor):
    def _migrate_all_forwards(self, state: ProjectState, *args: Any, **options: Any) -> ProjectState:
        begin = State(models=state.models, real_apps=state.real_apps)
        done: ProjectState = super()._migrate_all_forwards(begin, *args, **options)  # type: ignore[misc]
        return done


def _key(model: Any) -> Key:
    return model._meta.app_label, model._meta.model_name


def _through(field: Any) -> Any:
    return field.remote_field.through
