"""Which versions of the questions an organisation has, and which one its new surveys ask."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from diagnostics.instrument import (
    BY_PARTNERS,
    BY_US,
    CURRENT,
    Instrument,
    Item,
    instrument,
    shipped_versions,
    versions_about_partnerships,
)
from diagnostics.instrument.definition import Characteristic, Topic
from diagnostics.instrument.naming import naming
from diagnostics.models import InstrumentChoice, InstrumentVersion, Subject
from diagnostics.models.instrument_versions import instrument_of
from partnerships.editing import version_of
from partnerships.models import Organisation


@dataclass(frozen=True)
class KnownVersion:
    """A version as a list names it. One that came with the service has no note, and nobody who made it here."""

    version: str
    is_in_use: bool
    note: str = ""
    published_at: datetime.datetime | None = None
    published_by: str = ""


@dataclass(frozen=True)
class About:
    """Items about one part of a characteristic, or about one topic."""

    code: str
    name: str
    items: Sequence[Item]


@dataclass(frozen=True)
class Section:
    """A characteristic with its parts; the topics beside the eight are a section too."""

    name: str
    parts: Sequence[About]


def version_in_use(organisation: Organisation) -> str:
    chosen = InstrumentChoice.objects.filter(organisation=organisation).values_list("version", flat=True).first()
    return chosen or CURRENT


def version_for(subject: Subject, organisation: Organisation) -> str:
    """What a survey about ``subject`` asks; an organisation words only those about partnerships otherwise."""
    about_us = {Subject.BY_PARTNERS: BY_PARTNERS, Subject.BY_US: BY_US}
    return about_us.get(subject) or version_in_use(organisation)


def questions_in_use(organisation: Organisation) -> Instrument:
    """What a survey that is started now asks."""
    return instrument_of(organisation.pk, version_in_use(organisation))


def draft_of(organisation: Organisation) -> InstrumentVersion | None:
    return organisation.instrument_versions.drafts().select_related("created_by").first()


def questions_to_change(organisation: Organisation) -> Instrument:
    """What a change begins with: the draft, or what is in use where there is none."""
    draft = draft_of(organisation)
    return draft.instrument if draft else questions_in_use(organisation)


def state_of(made: Instrument) -> str:
    """A short name for exactly these questions, which tells whether somebody changed them meanwhile."""
    return version_of([made.version, *((item.code, item.text) for item in made.items)])


def known_versions(organisation: Organisation) -> list[KnownVersion]:
    """Those of the organisation's own that are published, newest first, then those that came with the service."""
    in_use = version_in_use(organisation)
    own = organisation.instrument_versions.published().select_related("published_by").defer("document")
    return [
        *(
            KnownVersion(one.version, one.version == in_use, one.note, one.published_at, str(one.published_by))
            for one in own
        ),
        *(KnownVersion(version, version == in_use) for version in reversed(versions_about_partnerships())),
    ]


def asked_before(organisation: Organisation) -> Mapping[str, Item]:
    """Every item that any published version ever asked, by its code, in its latest words."""
    own = (one.instrument for one in organisation.instrument_versions.published().reverse())
    versions = [*(instrument(version) for version in shipped_versions()), *own]
    return {item.code: item for version in versions for item in version.items}


def sections_of(made: Instrument) -> list[Section]:
    """Every item under what it is about, in the order of the results."""
    eight = [Section(one.name, _parts(made, one)) for one in made.characteristics]
    beside = [_about_topic(made, topic) for topic in made.topics]
    return [*eight, Section("Beside the eight", beside)]


def both_wordings(organisation: Organisation) -> list[tuple[str, str]]:
    """Each statement about how good a partner the organisation is: as partners read it, and as its own people do."""
    theirs, ours = naming(instrument(BY_PARTNERS), organisation.display_name), instrument(BY_US)
    return [(item.text, ours.item_by_code[item.code].text) for item in theirs.items]


def _parts(made: Instrument, characteristic: Characteristic) -> list[About]:
    return [
        About(atom.code, atom.name, [item for item in made.items if item.atom == atom.code])
        for atom in made.atoms
        if atom.characteristic == characteristic.code
    ]


def _about_topic(made: Instrument, topic: Topic) -> About:
    return About(topic.code, topic.name, [item for item in made.items if item.topic == topic.code])
