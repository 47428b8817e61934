"""People, and what each may do for which organisation."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils import timezone

from partnerships.models.organisations import Organisation


class Role(models.TextChoices):
    STRATEGY_LEAD = "strategy_lead", "Strategy lead"
    EXECUTIVE = "executive", "Executive"


# What each role may do, said once: the access checks read it, and so can a page that explains it.
MAY_EDIT = frozenset({Role.STRATEGY_LEAD})
MAY_DECIDE = frozenset({Role.EXECUTIVE, Role.STRATEGY_LEAD})
MAY_READ = frozenset(Role)


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


class Person(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in. Respondents to a survey are not people in this sense: they have no account."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    joined_at = models.DateTimeField(default=timezone.now)

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

    @property
    def organisations(self) -> models.QuerySet[Organisation]:
        """The organisations this person may act for, in any role."""
        return Organisation.objects.filter(access_grants__person=self).distinct()


class AccessGrant(models.Model):
    """One role of one person at one organisation; a person may hold several."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="access_grants")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="access_grants")
    role = models.CharField(max_length=20, choices=Role.choices)
    granted_at = models.DateTimeField(default=timezone.now)

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
                condition=models.Q(role__in=Role.values),
                violation_error_message="Choose a role from the list.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display()} at {self.organisation}"
