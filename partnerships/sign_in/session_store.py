"""Sessions, kept under a digest of their key: who reads the table, or a backup of it, becomes nobody by that.

The key itself stands in the cookie of its browser and nowhere else. It is drawn by chance, with more bits than the
digest has, so that the digest needs no secret; 40 characters are what the columns of the framework and of the sign-in
library have room for. What a session says is signed together with that digest, so nobody makes one up there either, nor
puts somebody else's under a key of their own by writing to the table.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone


def kept_as(key: str) -> str:
    """Under which name a session with this key is kept, and listed."""
    return hashlib.blake2b(key.encode(), digest_size=20, person=b"session").hexdigest()


def said_in(session: Session) -> dict[str, Any]:
    """What a session says, by its row; nothing where it was signed for another."""
    store = SessionStore()
    store.kept = session.session_key
    found: dict[str, Any] = store.decode(session.session_data)
    return found


class SessionStore(db.SessionStore):
    """The framework's, but for what stands in the column of the key, and for what is signed with what it says."""

    kept = ""  # the name of the row, where the key is not known

    @property
    def key_salt(self) -> str:
        return f"{super().key_salt} {self.kept or kept_as(self.session_key or '')}"

    def _get_session_from_db(self) -> Any:
        found = self._living().first()
        if found is None:
            self._session_key = None
        return found

    async def _aget_session_from_db(self) -> Any:
        found = await self._living().afirst()
        if found is None:
            self._session_key = None
        return found

    def _living(self) -> Any:
        return self.model.objects.filter(session_key=kept_as(self.session_key or ""), expire_date__gt=timezone.now())

    def exists(self, session_key: str) -> bool:
        return super().exists(kept_as(session_key))

    async def aexists(self, session_key: str) -> bool:
        return await super().aexists(kept_as(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        made = super().create_model_instance(data)
        made.session_key = kept_as(made.session_key)
        return made

    async def acreate_model_instance(self, data: dict[str, Any]) -> Any:
        made = await super().acreate_model_instance(data)
        made.session_key = kept_as(made.session_key)
        return made

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            super().delete(kept_as(key))

    async def adelete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            await super().adelete(kept_as(key))
