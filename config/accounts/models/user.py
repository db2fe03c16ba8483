"""A person, with or without a log-in."""

import uuid
import zoneinfo
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, Final

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from config.support.personal_data import About, Cut, PersonalData

# Shown wherever a person's name was. A column holds one text for readers of every language.
ERASED: Final = "Erased person"


@cache
def known_zones() -> frozenset[str]:
    """Return every zone of the IANA database; read once a process, because looking costs 40 ms of walking folders."""
    return frozenset(zoneinfo.available_timezones())


def validate_zone(value: str) -> None:
    """Refuse a time zone that the IANA database does not know."""
    if value not in known_zones():
        raise ValidationError(
            _("“%(value)s” is not a time zone. Use a name such as Europe/Paris."), params={"value": value}
        )


class UserQuerySet(models.QuerySet["User"]):
    """Reads of people; scoping by organization goes through Membership."""


class UserAccounts(BaseUserManager["User"]):
    """Creates people. An address is kept in lower case, so that one person has one row."""

    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a person; without a password they can sign in by a mailed code only."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an operator of this installation, who sees the whole admin."""
        return self.create_user(email, password, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


def _nowhere(now: datetime) -> str:
    # RFC 2606 keeps this domain from ever existing.
    return f"erased-{uuid.uuid4().hex}@erased.invalid"


def _no_password(now: datetime) -> str:
    return make_password(None)


def _at_once(now: datetime) -> datetime:
    return now


class User(AbstractBaseUser):
    """
    Any person: learner, designer, manager, or an outside rater who never signs in (no usable password).

    Unique by e-mail address, whatever its case. Personal data: name, address, language and time zone; exported whole,
    erased by overwriting (the row stays, so that facts of others keep their author's place).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    locale = models.CharField(_("language"), max_length=16, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_zone])
    is_active = models.BooleanField(_("active"), default=True)
    is_superuser = models.BooleanField(_("operates this installation"), default=False)
    joined_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(null=True, editable=False)

    objects = UserAccounts()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    PERSONAL_DATA = PersonalData(
        about=(
            About(
                "pk",
                erase=Cut(
                    {
                        "email": _nowhere,
                        "name": ERASED,
                        "locale": "en",
                        "time_zone": "UTC",
                        "password": _no_password,
                        "last_login": None,
                        "is_active": False,
                        "is_superuser": False,
                        "erased_at": _at_once,
                    }
                ),
            ),
        )
    )

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case")]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_staff(self) -> bool:
        """Whether the admin may be asked for at all; what it shows follows the roles (see accounts/admin_access)."""
        return self.is_active

    def get_full_name(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.email.split("@")[0]

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Permission rows are not used: only an operator passes here, everything else asks the Actor."""
        return self.is_active and self.is_superuser

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_superuser

    def has_perms(self, perm_list: Any, obj: object = None) -> bool:
        return self.is_active and self.is_superuser
