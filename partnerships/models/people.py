"""People, and what each may do for which organisation."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from partnerships.models.organisations import Organisation
from partnerships.recording import recorded

INSTANT = datetime.timedelta(microseconds=1)


class Role(models.TextChoices):
    """What somebody is at an organisation; ``partnerships.roles`` says what each may do."""

    ADMINISTRATOR = "administrator", "Administrator"
    STRATEGY_LEAD = "strategy_lead", "Strategy lead"
    EXECUTIVE = "executive", "Executive"
    CONTRIBUTOR = "contributor", "Contributor"
    READER = "reader", "Reader"
    SYSTEM_READER = "system_reader", "System reader"


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        if not email:
            raise ValueError("Enter an email address: it is how a person signs in.")
        person = self.model(email=self.normalize_email(email).lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Person:
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})


# Neither the password nor when somebody was last here: the deeds tell of sign-ins.
ACCOUNT = ("id", "email", "name", "is_active", "is_staff", "is_superuser")


@recorded("account", about=("name",), fields=ACCOUNT, shared=True)
class Person(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in. Respondents to a survey are not people in this sense: they have no account."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    joined_at = models.DateTimeField(default=timezone.now)
    # Part of what every session must match: one more, and the person is signed out everywhere.
    sessions_ended = models.PositiveIntegerField(default=0)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = PersonManager()

    class Meta:
        ordering = ["name", "email"]
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_session_auth_hash(self) -> str:
        return f"{super().get_session_auth_hash()}.{self.sessions_ended}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for fallback in super().get_session_auth_fallback_hash():
            yield f"{fallback}.{self.sessions_ended}"

    @property
    def organisations(self) -> models.QuerySet[Organisation]:
        """The organisations at which this person has any role now."""
        return Organisation.objects.filter(pk__in=self.access_grants.current().values("organisation"))


class AccessGrantQuerySet(models.QuerySet["AccessGrant"]):
    def current(self) -> AccessGrantQuerySet:
        """Those in force now. One that has ended counts as none, everywhere; nothing else may ask for grants."""
        return self.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now()))

    def administrators(self) -> AccessGrantQuerySet:
        """Those that keep an organisation in hands: of an administrator who can sign in, and without an end."""
        return self.of_roles([Role.ADMINISTRATOR]).filter(expires_at__isnull=True)

    def of_roles(self, roles: Iterable[str]) -> AccessGrantQuerySet:
        return self.filter(role__in=list(roles), person__is_active=True)


@recorded("role", about=("person", "role"), leave_out=("granted_at", "given_by"))
class AccessGrant(models.Model):
    """One role of one person at one organisation, until ``expires_at`` if that is set; a person may hold several.

    A grant that has ended stays, so that its person can be told what happened and when.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="access_grants")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="access_grants")
    role = models.CharField(max_length=20, choices=Role.choices)
    granted_at = models.DateTimeField(default=timezone.now)
    given_by = models.ForeignKey(
        Person,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Blank where it was given at the server.",
    )
    expires_at = models.DateTimeField(null=True, blank=True, help_text="Blank where it has no end.")
    from_claims = models.BooleanField(
        default=False, help_text="It came from the sign-in provider, and goes when the provider no longer says it."
    )

    objects = AccessGrantQuerySet.as_manager()

    class Meta:
        ordering = ["organisation", "person"]
        constraints = [
            models.UniqueConstraint(
                name="access_grant_once",
                fields=["organisation", "person", "role"],
                violation_error_message="This person already has this role here.",
            ),
            models.CheckConstraint(
                name="access_grant_role_is_known",
                condition=Q(role__in=Role.values),
                violation_error_message="Choose a role from the list.",
            ),
            models.CheckConstraint(
                name="access_grant_ends_after_it_starts",
                condition=Q(expires_at__isnull=True) | Q(expires_at__gte=F("granted_at")),
                violation_error_message="The end of a role is before its beginning. Choose a later day.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display()} at {self.organisation}"

    @property
    def last_day(self) -> datetime.date | None:
        """The last day on which it is in force, here; None where it has no end."""
        return timezone.localdate(self.expires_at - INSTANT) if self.expires_at else None

    @property
    def is_current(self) -> bool:
        return self.expires_at is None or self.expires_at > timezone.now()
