"""Whether this service can send e-mail at all."""

from email.utils import formataddr, parseaddr

from django.conf import settings

from partnerships.models import Person

# Back ends that bring no letter to anybody: a link sent through them would lie in a log instead.
SEND_NOTHING = frozenset(
    {"django.core.mail.backends.console.EmailBackend", "django.core.mail.backends.dummy.EmailBackend"}
)


def can_send() -> bool:
    """Whether this service has been given a way to send e-mail."""
    return settings.EMAIL_BACKEND not in SEND_NOTHING


def in_the_name_of(name: str) -> str:
    """Whom a letter to somebody outside is from: an organisation by its name, at the address of this service, since
    mail servers believe no other.
    """
    return formataddr((" ".join(name.split()), parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))


def answers_to(person: Person | None) -> list[str]:
    """Whom answers to such a letter reach; nobody in particular where that person has no account any more."""
    if person is None or not person.is_active:
        return []
    return [formataddr((" ".join(str(person).split()), person.email))]
