"""What a survey asks about."""

from __future__ import annotations

from django.db import models


class Subject(models.TextChoices):
    """What a survey asks about; fixed once it opens.

    The last two are halves of one question. Each is a survey of its own, with its own keys and threshold, so that
    neither tells of the other. Nothing of them says how well the partnership works.
    """

    PARTNERSHIP = "partnership", "How well the partnership works"
    BY_PARTNERS = "by_partners", "How good a partner we are: partners’ view"
    BY_US = "by_us", "How good a partner we are: our own view"
