"""Replacing personal links: the earlier ones are kept, so that what was sent in with one can be withdrawn with it.

And keeping those that people have where a new key makes others for them: each goes on working, as the same link.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F

from diagnostics.keys import RoundKeys
from diagnostics.links import link_hash
from diagnostics.models import EarlierLink, Invitation


def replace_links(invitations: Iterable[Invitation]) -> None:
    """Count on to the next link of each that has one, for whoever then gives and saves it."""
    replaced = [one for one in invitations if one.link_hash is not None]
    EarlierLink.objects.bulk_create([EarlierLink.of(one) for one in replaced], batch_size=500)
    for one in replaced:
        one.link_number += 1


def keep_working(invitations: Iterable[Invitation], keys: RoundKeys) -> None:
    """Keep the links of these that were made under an earlier key of the survey, for whoever then writes others."""
    kept = []
    for one in invitations:
        if one.link_hash not in (None, link_hash(keys.secret_of(one))):
            kept.append(EarlierLink.of(one))
        if one.handed_hash not in (None, link_hash(keys.handed_secret_of(one))):
            kept.append(EarlierLink.of(one, is_handed=True))
    EarlierLink.objects.bulk_create(kept, batch_size=500)


def carry_on_handed(invitations: Iterable[Invitation]) -> None:
    """Have what these people were handed begin their next link, which they are about to have; not what goes on."""
    rows = EarlierLink.objects.filter(invitation__in=invitations, is_handed=True)
    rows.filter(link_number=F("invitation__link_number")).update(link_number=F("link_number") + 1)
