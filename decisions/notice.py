"""How early a partner hears of it that we give less: what is fair, and what is short."""

from __future__ import annotations

import datetime

from partnerships.models import Participation, Quarter

# Work is planned by the quarter, and nobody hands it over in less than four weeks.
FAIR = datetime.timedelta(days=28)
# Less than this is short notice, and is called so.
SHORT = datetime.timedelta(days=21)


def fair_start(day: datetime.date) -> datetime.date:
    """The first day of a quarter that leaves a partner a fair notice from this ``day``."""
    earliest = day + FAIR
    quarter = Quarter.containing(earliest)
    return earliest if quarter.first_day == earliest else quarter.next().first_day


def is_short_notice(start: datetime.date | None, today: datetime.date) -> bool:
    return start is not None and start < today + SHORT


def gives_less(participation: Participation, code: str) -> bool:
    """Whether this level is below today's, so that a partner loses something by it."""
    places = {one.code: one.position for one in participation.organisation.engagement_levels.all()}
    if participation.level is None or code not in places:
        return False
    return places[code] < participation.level.position
