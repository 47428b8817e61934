"""On the way through the migrations every model holds the others as they are, though few are rendered anew."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps.registry import Apps
from django.core.management.commands import migrate as djangos
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState, StateApps

from config.management.commands import migrate as ours
from config.migration_states import Executor, State

# Django renders more than fifty for each.
RENDERED_FOR_EACH_OPERATION = 5


def steps(loader: MigrationLoader, state: ProjectState) -> Iterator[tuple[str, Any]]:
    """Take each operation of all migrations in turn, as Django does it in an empty database."""
    done: set[tuple[str, str]] = set()
    for leaf in loader.graph.leaf_nodes():
        for app, name in loader.graph.forwards_plan(leaf):
            if (app, name) in done:
                continue
            done.add((app, name))
            for operation in loader.graph.nodes[app, name].operations:
                operation.state_forwards(app, state)
                yield f"{app}.{name}: {operation.describe()}", operation


def strays(apps: Apps) -> list[str]:
    """The fields, parents and tables between that are of a model that has been replaced."""
    there = set(apps.get_models(include_auto_created=True))
    found = []
    for model in there:
        held = {model._meta.concrete_model: "itself"}
        held |= dict.fromkeys(model._meta.parents, "its parent")
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
            held |= {field.related_model: field.name, getattr(field.remote_field, "through", None): field.name}
        found += [f"{model._meta.label}: {name}" for other, name in held.items() if other and other not in there]
    return found


def said(apps: Apps) -> dict[str, Any]:
    """Whatever a model knows of itself and of those that refer to it."""
    return {
        model._meta.label: (
            [(one.name, repr(one.deconstruct()[1:])) for one in model._meta.local_fields],
            [(one.name, repr(one.deconstruct()[1:])) for one in model._meta.local_many_to_many],
            repr(sorted(ModelState.from_model(model).options.items())),
            sorted((one.name, one.related_model._meta.label) for one in referring(model)),
        )
        for model in apps.get_models(include_auto_created=True)
    }


def rendered_as_a_whole(state: ProjectState) -> Apps:
    anew: Apps = ProjectState(models=state.models, real_apps=state.real_apps).apps
    return anew


def referring(model: Any) -> list[Any]:
    return [one for one in model._meta.get_fields(include_hidden=True) if one.auto_created and not one.concrete]


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the models that were rendered; one that came before its parent is tried again."""
    names: list[str] = []
    render = ModelState.render

    def noting(self: ModelState, apps: StateApps) -> Any:
        names.append(self.name_lower)
        return render(self, apps)

    monkeypatch.setattr(ModelState, "render", noting)
    return names


def test_no_migration_leaves_a_model_that_holds_a_replaced_one(rendered: list[str]) -> None:
    loader = MigrationLoader(None)
    state = State(real_apps=loader.unmigrated_apps)
    assert state.apps.get_models() == []
    operations = 0
    for where, _ in steps(loader, state):
        operations += 1
        assert strays(state.apps) == [], where
    assert operations > 1000
    assert len(rendered) < RENDERED_FOR_EACH_OPERATION * operations
    assert said(state.apps) == said(rendered_as_a_whole(state))


def test_migrate_goes_this_way() -> None:
    assert issubclass(ours.Command, djangos.Command)
    assert djangos.MigrationExecutor is Executor  # type: ignore[attr-defined]


def foreign(to: str, **options: Any) -> Any:
    return models.ForeignKey(to, models.CASCADE, **options)


def key() -> tuple[str, Any]:
    return ("id", models.AutoField(primary_key=True))


MADE = [
    migrations.CreateModel("Top", [key(), ("name", models.TextField())]),
    migrations.CreateModel("Middle", [key(), ("top", foreign("a.Top", related_name="+"))]),
    migrations.CreateModel("Low", [key(), ("middle", foreign("a.Middle")), ("low", foreign("self", null=True))]),
    migrations.CreateModel("Inherits", [("extra", models.TextField())], bases=("a.Middle",)),
    migrations.CreateModel("Alike", [], {"proxy": True}, bases=("a.Middle",)),
    migrations.CreateModel("ToAlike", [key(), ("alike", foreign("a.Alike"))]),
    migrations.CreateModel("Plain", [key(), ("tops", models.ManyToManyField("a.Top"))]),
    migrations.CreateModel("Between", [key(), ("top", foreign("a.Top"))]),
    migrations.CreateModel("Sees", [key(), ("tops", models.ManyToManyField("a.Top", through="a.Between"))]),
    migrations.AddField("Between", "sees", foreign("a.Sees")),
]
CHANGES: list[Any] = [
    migrations.AddField("Top", "more", models.TextField(default="")),
    migrations.AddField("Middle", "more", models.TextField(default="")),
    migrations.AddField("Between", "more", models.TextField(default="")),
    migrations.AddField("Top", "first", foreign("a.Low", null=True)),
    migrations.AddIndex("Middle", models.Index(fields=["top"], name="middle_top")),
    migrations.AddConstraint("Low", models.UniqueConstraint(fields=["middle"], name="one_middle")),
    migrations.AlterField("Top", "id", models.BigAutoField(primary_key=True)),
    migrations.AlterField("Middle", "top", models.OneToOneField("a.Top", models.CASCADE, related_name="middle")),
    migrations.AlterField("Plain", "tops", models.ManyToManyField("a.Middle", related_name="plain")),
    migrations.RenameField("Middle", "id", "number"),
    migrations.RenameModel("Top", "Summit"),
    migrations.RenameModel("Between", "Among"),
    migrations.RemoveField("Low", "middle"),
    migrations.RemoveField("Plain", "tops"),
    migrations.AlterModelOptions("Top", {"ordering": ["name"]}),
    migrations.DeleteModel("ToAlike"),
]


@pytest.mark.parametrize("change", [[one] for one in CHANGES] + [CHANGES[:8]], ids=lambda many: many[-1].describe())
def test_after_a_change_the_models_are_as_if_rendered_as_a_whole(change: list[Any]) -> None:
    state = State()
    assert state.apps.get_models() == []
    for operation in [*MADE, *change]:
        operation.state_forwards("a", state)
        assert strays(state.apps) == []
        assert said(state.apps) == said(rendered_as_a_whole(state))


def test_what_a_model_refers_to_is_not_rendered_with_it(rendered: list[str]) -> None:
    state = State()
    assert state.apps.get_models() == []
    for operation in MADE:
        operation.state_forwards("a", state)
    rendered.clear()
    migrations.AddField("Low", "more", models.TextField(default="")).state_forwards("a", state)
    assert rendered == ["low"]
    rendered.clear()
    migrations.AddField("Middle", "more", models.TextField(default="")).state_forwards("a", state)
    assert set(rendered) == {"alike", "inherits", "low", "middle", "toalike"}
