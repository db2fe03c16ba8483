"""Forms about members: inviting them, what they may do, and their first password."""

from typing import Any

from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.utils.translation import gettext_lazy as _

from config.accounts.models import Membership, User
from config.accounts.zone_lists import ZoneField
from config.support.errors import DomainError
from learners.people.actions.invitations import NAME_LENGTH, clean_email
from learners.people.queries import member_here


class InvitationForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new member: their address, and what they may do. organization_id: whose, where the form does not ask."""

    organization_id: int | None = None
    email = forms.CharField(label=_("E-mail address"), max_length=254, help_text=_("The invitation is sent there."))
    name = forms.CharField(
        label=_("Name"),
        max_length=NAME_LENGTH,
        required=False,
        help_text=_("Somebody whom Waymark knows already keeps the name and time zone they gave themselves."),
    )
    time_zone = ZoneField(
        required=False, help_text=_("Empty means your organization’s. They can change it themselves.")
    )
    manager_email = forms.CharField(
        label=_("Line manager’s e-mail address"),
        max_length=254,
        required=False,
        help_text=_(
            "Optional. Sees how far this person is, never what they wrote. "
            "Somebody new is added and hears nothing until you invite them too."
        ),
    )

    class Meta:
        model = Membership
        fields = ("organization", "is_learner", "is_designer", "is_administrator")

    def clean_email(self) -> str:
        return _address(self.cleaned_data["email"])

    def clean_manager_email(self) -> str:
        return _address(self.cleaned_data["manager_email"]) if self.cleaned_data["manager_email"].strip() else ""

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("email") and data.get("email") == data.get("manager_email"):
            self.add_error("manager_email", _("Nobody is their own line manager."))
        organization = data.get("organization")
        organization_id = organization.pk if organization is not None else self.organization_id
        if organization_id is not None and data.get("email"):
            here = member_here(organization_id=organization_id, email=data["email"])
            if here is not None:
                self.add_error("email", _in_already(here))
        return data


def _in_already(member: Membership) -> str:
    if member.user.last_login is not None:
        sentence = _("%(name)s is a member already. To change what they may do, open them in the list of members.")
    else:
        sentence = _(
            "%(name)s was invited already. To send another mail, tick them in the list of members "
            "and choose “Send the invitation again”."
        )
    return str(sentence) % {"name": member.user}


class FirstPasswordForm(SetPasswordForm):  # type: ignore[type-arg]
    """The password that an invited person chooses; the rules are those of every password here."""

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.fields["new_password1"].label = _("Password")
        self.fields["new_password2"].label = _("The same password again")


def _address(value: str) -> str:
    try:
        return clean_email(value)
    except DomainError as error:
        raise forms.ValidationError(error.title) from error


class MembershipForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a member may do, and for whom they work. own: the membership is of the person who edits it."""

    own = False

    class Meta:
        model = Membership
        fields = ("is_active", "is_learner", "is_designer", "is_administrator", "external_id", "manager")

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("manager") is not None and data["manager"].pk == self.instance.pk:
            self.add_error("manager", _("Nobody is their own line manager."))
        if self.own and not (data.get("is_active") and data.get("is_administrator")):
            self.add_error(None, _("You cannot take your own administrator role away. Ask another administrator."))
        external_id = data.get("external_id")
        others = Membership.objects.filter(organization_id=self.instance.organization_id, external_id=external_id)
        if external_id and others.exclude(pk=self.instance.pk).exists():
            self.add_error("external_id", _("Somebody else has this id already."))
        return data
