"""What becomes of decisions, promises, letters and actions where the record that they were made of is merged.

Nothing is moved: a decision comes back at the record that goes on where nothing is decided about that one, and what is
promised, planned or on its way stays due as it was. The page that merges says so beforehand, with what there is.
"""

from __future__ import annotations

from collections.abc import Iterator

from decisions.models import Decision
from decisions.models.decisions import DecisionQuerySet
from decisions.saying_no import packs_of, told_no
from partnerships.merging_words import add_words
from partnerships.models import Participation
from scoring.words import count_of


def say_what_becomes_of_it() -> None:
    add_words("decisions", _what_becomes_of_it)


def carried_over(participation: Participation) -> DecisionQuerySet:
    """The decision that counts for a record though it was taken about one that was merged into it; none where it has
    a decision of its own.
    """
    return Decision.objects.filter(participation__merged_into=participation).that_go_on()


def _what_becomes_of_it(duplicate: Participation) -> Iterator[str]:
    records = duplicate.organisation.participations.with_merged(duplicate)
    here = Decision.objects.filter(participation__in=records).that_go_on().with_look_again().first()
    if here is not None:
        yield (
            f"It was decided on {here.decided_on:%-d %B %Y}: “{here.level_name}”, to be looked at again on "
            f"{here.look_again_on:%-d %B %Y}. Where nothing is decided about the record that goes on, this comes back "
            "there on that day. Where something is, that counts and is looked at on its own day, and this is "
            "not looked at again."
        )
    for record in records:
        told = told_no(packs_of(record))
        if told is not None:
            yield (
                f"Its partners were told no on {told.on:%-d %B %Y}, and nobody is reminded of that here. Where more is "
                "decided about the record that goes on, tell them first."
            )
    promises = duplicate.organisation.promises.open().filter(participation__in=records).count()
    if promises:
        stays = "stays due, and its owner is" if promises == 1 else "stay due, and their owners are"
        yield f"{count_of(promises, 'open promise')} {stays} reminded as before. The other record shows that, too."
    letters = duplicate.organisation.letters.on_the_way().filter(participation__in=records).count()
    if letters:
        yield (
            f"{count_of(letters, 'letter')} to its partners {'is' if letters == 1 else 'are'} on the way and not held "
            "up by this. Take back what should not be sent."
        )
    actions = duplicate.organisation.plan_actions.open().filter(participation__in=records).count()
    if actions:
        stay = "stays in the plan and goes" if actions == 1 else "stay in the plan and go"
        yield f"{count_of(actions, 'action')} of the plan {stay} on taking days, under the name of this record."
