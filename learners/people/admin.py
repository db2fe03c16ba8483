"""The members of an organization in the admin: inviting them, and what they may do."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import date as day
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from config.accounts.actor import ADMINISTRATOR
from config.accounts.admin_access import OrganizationAdmin, operator
from config.accounts.models import Membership, User
from config.accounts.session import actor_of
from config.support.clock import now
from config.support.errors import DomainError
from learners.people.actions import ask_for_invitation, invite_member, mail_invitation
from learners.people.forms import InvitationForm, MembershipForm
from learners.people.models import InvitationMail, MailState
from learners.people.queries import has_signed_in, members_by_email
from learners.people.words import manager_sentences


@admin.register(Membership)
class MemberPage(OrganizationAdmin):
    """Members are added by inviting them, and left by making them inactive; their history stays."""

    roles = frozenset({ADMINISTRATOR})
    add_form_template = "learners/people/admin/invite.html"
    list_display = ("person", "email", "has_roles", "line_manager", "invited", "is_active")
    list_filter = ("is_active", "is_administrator", "is_designer", "is_learner")
    list_select_related = ("user", "manager__user", "organization")
    search_fields = ("user__name", "user__email", "external_id")
    ordering = ("user__name", "user__email")
    date_hierarchy = "created_at"
    autocomplete_fields = ("manager",)
    actions = ("invite_again",)

    class Media:
        js = ("js/admin-names.js",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        newest = InvitationMail.objects.filter(membership=OuterRef("pk")).order_by("-id")
        rows: QuerySet[Any] = super().get_queryset(request)
        marked: QuerySet[Any] = rows.annotate(
            mail_state=Subquery(newest.values("state")[:1]), mail_asked_at=Subquery(newest.values("asked_at")[:1])
        )
        return marked

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        kwargs["form"] = InvitationForm if obj is None else MembershipForm
        form: Any = super().get_form(request, obj, change, **kwargs)
        actor = actor_of(request)
        form.own = obj is not None and obj.user_id == cast(User, request.user).pk
        form.organization_id = actor.organization_id if actor is not None else None
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Offer an operator their own organization first."""
        actor = actor_of(request)
        own = {"organization": actor.organization_id} if actor is not None else {}
        return {**own, **super().get_changeform_initial_data(request)}

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            new = (
                "email", "name", "is_learner", "is_designer", "is_administrator", "time_zone", "manager_email"
            )  # fmt: skip
            return ("organization", *new) if operator(request) else new
        return ("person", "email", "invited", *MembershipForm.Meta.fields)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return () if obj is None else ("person", "email", "invited")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_invite_permission(self, request: HttpRequest) -> bool:
        return self.may(request)

    @admin.display(description=_("name"), ordering="user__name")
    def person(self, membership: Membership) -> str:
        return str(membership.user)

    @admin.display(description=_("e-mail"), ordering="user__email")
    def email(self, membership: Membership) -> str:
        return membership.user.email

    @admin.display(description=_("roles"))
    def has_roles(self, membership: Membership) -> str:
        held = {
            _now("administrator"): membership.is_administrator,
            _now("designer"): membership.is_designer,
            _now("learner"): membership.is_learner,
        }
        return ", ".join(role for role, is_held in held.items() if is_held)

    @admin.display(description=_("line manager"), ordering="manager__user__name")
    def line_manager(self, membership: Membership) -> str:
        return str(membership.manager.user) if membership.manager else ""

    @admin.display(description=_("came in"), ordering="user__last_login")
    def invited(self, membership: Any) -> str:
        """When they first needed no invitation any more, else what became of the newest one."""
        if membership.user.last_login is not None:
            return _now("Has signed in")
        if not membership.mail_state:
            return _now("Not signed in yet")
        words = MailState(membership.mail_state).label
        return f"{_now('Invitation')}: {str(words).lower()}, {day(membership.mail_asked_at, 'j M Y')}"

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"title": _now("Invite somebody"), "show_save_and_continue": False}
        return super().add_view(request, form_url, {**(extra_context or {}), **context})

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        answer = super().changeform_view(request, object_id, form_url, extra_context)
        # What was written is committed by now: a mail server that is away takes nothing of it back.
        for invitation in getattr(request, "_waymark_invitations", []):
            tell_of_mail(request, mail_invitation(invitation_id=invitation.pk, now=now()))
        return answer

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            obj.save(update_fields=list(MembershipForm.Meta.fields))
            return
        actor = actor_of(request)
        data = form.cleaned_data
        chosen = data.get("organization")
        organization_id = chosen.pk if chosen is not None else cast(Any, actor).organization_id
        actor_id = cast(User, request.user).pk
        named = [data["email"], data["manager_email"]]
        before = members_by_email(organization_id=organization_id, emails=named)
        person = invite_member(
            organization_id=organization_id,
            email=data["email"],
            name=data["name"],
            time_zone=data["time_zone"],
            manager_email=data["manager_email"],
            is_administrator=data["is_administrator"],
            is_designer=data["is_designer"],
            is_learner=data["is_learner"],
            actor_id=actor_id,
            now=now(),
        )
        for sentence in manager_sentences(
            email=data["email"], manager_email=data["manager_email"], members=before, is_done=True
        ):
            messages.warning(request, sentence)
        obj.pk = Membership.objects.get(user=person, organization_id=organization_id).pk
        obj.user = person
        obj.organization_id = organization_id
        asked = []
        if has_signed_in(person):
            words = _now("%(name)s is a member now. They have signed in before and go on as they do; no mail was sent.")
            messages.success(request, words % {"name": person})
        else:
            asked = [ask_for_invitation(membership_id=obj.pk, actor_id=actor_id, now=now())]
        request._waymark_invitations = asked  # type: ignore[attr-defined]

    def message_user(self, request: HttpRequest, message: Any, *args: Any, **kwargs: Any) -> None:
        """Say nothing of a row that was added: what became of the invitation is said instead."""
        if not hasattr(request, "_waymark_invitations"):
            super().message_user(request, message, *args, **kwargs)

    @admin.action(description=_("Send the invitation again"), permissions=["invite"])
    def invite_again(self, request: HttpRequest, members: QuerySet[Membership]) -> None:
        actor_id, sent = cast(User, request.user).pk, 0
        for member in members.select_related("user"):
            try:
                asked = ask_for_invitation(membership_id=member.pk, actor_id=actor_id, now=now())
            except DomainError as refusal:
                messages.error(request, str(refusal))
                continue
            mail = mail_invitation(invitation_id=asked.pk, now=now())
            if mail.state == MailState.SENT:
                sent += 1
            else:
                tell_of_mail(request, mail)
                # A server that is away would let the administrator wait for each of them; these go out on their own.
                break
        if sent:
            words = ngettext("%(n)d invitation is sent.", "%(n)d invitations are sent.", sent)
            messages.success(request, words % {"n": sent})


def tell_of_mail(request: HttpRequest, mail: InvitationMail) -> None:
    """Say what became of an invitation, and what the administrator can do where it did not leave."""
    user = mail.membership.user
    words = {"name": str(user), "email": user.email, "detail": mail.detail}
    if mail.state == MailState.SENT:
        messages.success(request, _now("%(name)s is a member. The invitation is on its way to %(email)s.") % words)
    elif mail.state == MailState.FAILED:
        messages.error(
            request,
            _now(
                "%(name)s is a member, and the mail server refused the invitation to %(email)s: %(detail)s. "
                "Check the address, then choose “Send the invitation again”."
            )
            % words,
        )
    else:
        messages.warning(
            request,
            _now(
                "%(name)s is a member, and the invitation to %(email)s could not be sent yet: %(detail)s. "
                "Nothing is lost: it is tried again every few minutes for two days, and this list shows when it left."
            )
            % words,
        )
