"""Replacing personal links: the earlier ones are kept, so that what was sent in with one can be withdrawn with it."""

from __future__ import annotations

from collections.abc import Iterable

from diagnostics.models import EarlierLink, Invitation


def replace_links(invitations: Iterable[Invitation]) -> None:
    """Count on to the next link of each that has one, for whoever then gives and saves it."""
    replaced = [one for one in invitations if one.link_hash is not None]
    EarlierLink.objects.bulk_create([EarlierLink.of(one) for one in replaced], batch_size=500)
    for one in replaced:
        one.link_number += 1
