"""Whether this service can send e-mail at all."""

from django.conf import settings

# Back ends that bring no letter to anybody: a link sent through them would lie in a log instead.
SEND_NOTHING = frozenset(
    {"django.core.mail.backends.console.EmailBackend", "django.core.mail.backends.dummy.EmailBackend"}
)


def can_send() -> bool:
    """Whether this service has been given a way to send e-mail."""
    return settings.EMAIL_BACKEND not in SEND_NOTHING
