"""The chapters of a relationship record, in the order of its page, with the words that explain each.

Notes of every kind share a form; what a chapter asks, and an example of an answer, is what makes people write something
that is of use to whoever takes over.
"""

from __future__ import annotations

from dataclasses import dataclass

from partnerships.models import NoteKind


@dataclass(frozen=True)
class Chapter:
    """One kind of entry. ``kind`` stands in the address where one is added.

    ``heading`` is its heading on the page, ``one`` what a single entry is called in a sentence, ``asks`` the question
    of its form, ``hint`` what stands below the question, and ``empty`` what the page says while there is none.
    """

    kind: str
    heading: str
    one: str
    asks: str
    hint: str
    empty: str


NOTES: dict[str, Chapter] = {
    chapter.kind: chapter
    for chapter in (
        Chapter(
            NoteKind.SUCCESS,
            "Successes",
            "a success",
            "What went well together?",
            "What you already do together that works, and what made it work. People go back to it in bad times.",
            "Write down the first thing that went well together, however small.",
        ),
        Chapter(
            NoteKind.COMMON_GROUND,
            "Common ground",
            "common ground",
            "What do all of you want?",
            "Something that every partner would say yes to, in words that each would use.",
            "Write down one thing that every partner would say yes to.",
        ),
        Chapter(
            NoteKind.WE_BRING,
            "What we bring",
            "what you bring",
            "What do you bring?",
            "People, skills, buildings, standing, data: what the partnership would lack without you.",
            "Write down what the partnership would lack without you.",
        ),
        Chapter(
            NoteKind.WE_GAIN,
            "What we gain",
            "what you gain",
            "What do you gain?",
            "What you could not do, or not as well, on your own.",
            "Write down what you could not do on your own.",
        ),
        Chapter(
            NoteKind.HISTORY,
            "History",
            "history",
            "What happened before that still counts?",
            "Earlier attempts, changes of people, promises kept and broken. Say what happened, not who was to blame.",
            "Write down what somebody new would need to know before their first meeting.",
        ),
        Chapter(
            NoteKind.REPAIR,
            "Repair",
            "a repair",
            "What was done to mend it?",
            "An apology, a conversation, a change of how things are done, and what came of it.",
            "Where something went wrong before, write down what was done to mend it.",
        ),
        Chapter(
            NoteKind.SETTLING,
            "How disagreements are settled",
            "how disagreements are settled",
            "How do you settle disagreements?",
            "Who talks to whom first, who decides if that does not help, and by when. Agree it before you need it.",
            "Agree who talks to whom first, and write it down before you need it.",
        ),
    )
}

DIFFERENCE = Chapter(
    "difference",
    "Differences",
    "a difference",
    "Where do you differ?",
    "What each side wants, in words that both would accept. It is easier to settle early.",
    "No difference is on the table. Put one there early: it is easier to settle while it is small.",
)
LEDGER = Chapter(
    "give-and-take",
    "Give and take",
    "give and take",
    "What was given, gained or lost?",
    "One thing, as exactly as you can: days, money, staff, beds, goodwill.",
    "Write down what each gives, gains and loses, so that a loss for the good of all is seen and made good.",
)
LINK = Chapter(
    "link",
    "Documents and links",
    "a link",
    "What does it lead to?",
    "",
    "Link to the agreement, the minutes or the plan, wherever they are kept.",
)
MEASURE = Chapter(
    "measure",
    "Outcome measures",
    "a measure",
    "What do you measure?",
    "One thing that shows whether the partnership makes a difference, for example days from referral to first contact.",
    "Choose one thing that would show whether the partnership makes a difference.",
)
# No chapter of its own: it stands with its measure.
FIGURE = Chapter("figure", "Figures", "a figure", "", "", "")

CHAPTERS: dict[str, Chapter] = {**NOTES, **{one.kind: one for one in (DIFFERENCE, LEDGER, MEASURE, LINK)}}
EVERY: dict[str, Chapter] = {**CHAPTERS, FIGURE.kind: FIGURE}
