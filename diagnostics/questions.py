"""Which versions of the questions an organisation has, and which one its new surveys ask.

There are questions about each subject of a survey, with versions, a draft and a choice of their own.
"""

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
    versions_like,
)
from diagnostics.instrument.comparable import Shared, common_ground
from diagnostics.instrument.definition import Characteristic, Topic
from diagnostics.instrument.naming import naming, unnaming
from diagnostics.models import InstrumentChoice, InstrumentVersion, Subject
from diagnostics.models.instrument_versions import instrument_of
from partnerships.editing import version_of
from partnerships.models import Organisation

# The newest version about each subject that comes with the service.
NEWEST = {Subject.PARTNERSHIP: CURRENT, Subject.BY_PARTNERS: BY_PARTNERS, Subject.BY_US: BY_US}
# The two that are held against each other.
OTHER_SIDE = {Subject.BY_PARTNERS: Subject.BY_US, Subject.BY_US: Subject.BY_PARTNERS}


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


def version_in_use(organisation: Organisation, subject: Subject = Subject.PARTNERSHIP) -> str:
    """What a survey about ``subject`` asks that is started now."""
    chosen = InstrumentChoice.objects.filter(organisation=organisation, subject=subject)
    return chosen.values_list("version", flat=True).first() or NEWEST[subject]


def questions_in_use(organisation: Organisation, subject: Subject = Subject.PARTNERSHIP) -> Instrument:
    """The questions of that version, as they are kept."""
    return instrument_of(organisation.pk, version_in_use(organisation, subject))


def draft_of(organisation: Organisation, subject: Subject = Subject.PARTNERSHIP) -> InstrumentVersion | None:
    return organisation.instrument_versions.drafts().filter(subject=subject).select_related("created_by").first()


def questions_to_change(organisation: Organisation, subject: Subject = Subject.PARTNERSHIP) -> Instrument:
    """What a change begins with: the draft, or what is in use where there is none."""
    draft = draft_of(organisation, subject)
    return draft.instrument if draft else questions_in_use(organisation, subject)


def as_read(made: Instrument, organisation: Organisation, subject: Subject) -> Instrument:
    """The questions in the words that people read: partners read the organisation's name."""
    return naming(made, organisation.display_name) if subject == Subject.BY_PARTNERS else made


def as_kept(made: Instrument, organisation: Organisation, subject: Subject) -> Instrument:
    """The other way round: what somebody wrote, for whatever name the organisation has later."""
    return unnaming(made, organisation.display_name) if subject == Subject.BY_PARTNERS else made


def state_of(made: Instrument) -> str:
    """A short name for exactly these questions, which tells whether somebody changed them meanwhile."""
    return version_of([made.version, *((item.code, item.text) for item in made.items)])


def known_versions(organisation: Organisation, subject: Subject = Subject.PARTNERSHIP) -> list[KnownVersion]:
    """Those of the organisation's own that are published, newest first, then those that came with the service."""
    in_use = version_in_use(organisation, subject)
    own = organisation.instrument_versions.published().filter(subject=subject)
    return [
        *(
            KnownVersion(one.version, one.version == in_use, one.note, one.published_at, str(one.published_by))
            for one in own.select_related("published_by").defer("document")
        ),
        *(KnownVersion(version, version == in_use) for version in reversed(versions_like(NEWEST[subject]))),
    ]


def asked_before(organisation: Organisation, subject: Subject = Subject.PARTNERSHIP) -> Mapping[str, Item]:
    """Every item that any published version about a subject ever asked, by its code, in the words last read."""
    published = organisation.instrument_versions.published().filter(subject=subject).reverse()
    versions = [
        *(instrument(version) for version in versions_like(NEWEST[subject])),
        *(one.instrument for one in published),
    ]
    return {item.code: item for one in versions for item in as_read(one, organisation, subject).items}


def codes_given(organisation: Organisation) -> frozenset[str]:
    """Every code that a version of any subject has, drafts too: the same code is the same question everywhere."""
    own = (one.instrument for one in organisation.instrument_versions.all())
    versions = [*(instrument(version) for version in shipped_versions()), *own]
    return frozenset(item.code for version in versions for item in version.items)


def asked_on_the_other_side_alone(organisation: Organisation, subject: Subject, made: Instrument) -> list[Item] | None:
    """What ``made`` does not ask and the other side is asked, or will be once its draft is published, in its words;
    None where there are no two sides.
    """
    if subject not in OTHER_SIDE:
        return None
    other = OTHER_SIDE[subject]
    theirs = as_read(questions_to_change(organisation, other), organisation, other)
    return [item for item in theirs.items if item.code not in made.item_by_code]


def lost_beside(made: Instrument, beside: Instrument) -> list[tuple[str, Shared]]:
    """The characteristics in which the two cannot be compared, with how much they share."""
    if made.version == beside.version:
        return []
    lost = common_ground([made, beside]).standings[beside.version].not_comparable()
    return [(one.name, lost[one.code]) for one in made.characteristics if one.code in lost]


def sections_of(made: Instrument) -> list[Section]:
    """Every item under what it is about, in the order of the results."""
    eight = [Section(one.name, _parts(made, one)) for one in made.characteristics]
    beside = [_about_topic(made, topic) for topic in made.topics]
    return [*eight, Section("Beside the eight", beside)]


def both_wordings(organisation: Organisation) -> list[tuple[str, str]]:
    """Each statement about how good a partner the organisation is: as partners read it, and as its own people do; ""
    where one side is not asked it.
    """
    theirs, ours = (
        as_read(questions_in_use(organisation, side), organisation, side)
        for side in (Subject.BY_PARTNERS, Subject.BY_US)
    )
    codes = dict.fromkeys(item.code for item in (*theirs.items, *ours.items))
    return [(_text(theirs, code), _text(ours, code)) for code in codes]


def _text(made: Instrument, code: str) -> str:
    return made.item_by_code[code].text if code in made.item_by_code else ""


def _parts(made: Instrument, characteristic: Characteristic) -> list[About]:
    return [
        About(atom.code, atom.name, [item for item in made.items if item.atom == atom.code])
        for atom in made.atoms
        if atom.characteristic == characteristic.code
    ]


def _about_topic(made: Instrument, topic: Topic) -> About:
    return About(topic.code, topic.name, [item for item in made.items if item.topic == topic.code])
