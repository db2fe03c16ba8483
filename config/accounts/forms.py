"""Forms of the admin about organizations and keys."""

from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from config.accounts.actions import LONGEST_LIFE
from config.accounts.actor import OPERATOR_SCOPES, SCOPES
from config.accounts.models import ApiKey, ClientOrganization, Organization, User
from config.accounts.zone_lists import ZoneField
from config.support.clock import now

USUAL_LIFE: Final = timedelta(days=365)
SCOPE_CHOICES: Final = [(scope, f"{scope}: {meaning}") for scope, meaning in SCOPES.items()]
OPERATOR_CHOICES: Final = [(scope, f"{scope}: {meaning}") for scope, meaning in OPERATOR_SCOPES.items()]


def _scopes_field(*more: tuple[str, str]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("What it may do"), choices=[*SCOPE_CHOICES, *more], widget=forms.CheckboxSelectMultiple
    )


def _in_a_year() -> Any:
    return (now() + USUAL_LIFE).date()


class OrganizationForm(forms.ModelForm):  # type: ignore[type-arg]
    """A tenant, and the zone of those who have none of their own."""

    time_zone = ZoneField(help_text=_("For cohorts, and for people until they choose their own."))

    class Meta:
        model = Organization
        fields = ("name", "slug", "time_zone")


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    """What an operator may change about a person."""

    time_zone = ZoneField(help_text=_("What opens and is due moves along with it."))

    class Meta:
        model = User
        fields = ("name", "email", "locale", "time_zone", "is_active", "is_superuser")


class ApiKeyForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new key: what it is called, what it may do and until when."""

    scopes = _scopes_field()
    expires_on = forms.DateField(
        label=_("Works until"),
        initial=_in_a_year,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The last day on which the key works, at most two years ahead."),
    )

    class Meta:
        model = ApiKey
        fields = ("organization", "name")

    def clean_expires_on(self) -> Any:
        day = self.cleaned_data["expires_on"]
        moment = datetime.combine(day, time(23, 59, 59), UTC)
        reading = now()
        if not reading < moment <= reading + LONGEST_LIFE:
            raise forms.ValidationError(_("Choose a day from tomorrow up to two years ahead."))
        self.instance.expires_at = moment
        return day


class OperatorKeyForm(ApiKeyForm):
    """A new key as somebody makes it who runs the installation: it may read the figures of all of it."""

    scopes = _scopes_field(*OPERATOR_CHOICES)


class ApiClientForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new OAuth2 client: what it is called and what it may do."""

    name = forms.CharField(label=_("Name"), max_length=120)
    scopes = _scopes_field()

    class Meta:
        model = ClientOrganization
        fields = ("organization",)
