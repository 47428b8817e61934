"""The world that the other tests of this folder walk through."""

from __future__ import annotations

import pytest

from tests.integration.safety.world import World, owned_models

pytestmark = pytest.mark.django_db


def test_both_houses_have_one_of_everything(world: World) -> None:
    missing = [
        (house.code, model._meta.label)
        for house in (world.own, world.other)
        for model in owned_models()
        if not model._default_manager.filter(organisation=house.organisation).exists()
    ]
    assert missing == []
