"""What changes about people: invitations and how they want to be reached."""

from learners.people.actions.invitations import Invitation, invite_member, invite_members
from learners.people.actions.inviting import (
    accept_invitation,
    ask_for_invitation,
    mail_invitation,
    mail_waiting_invitations,
)
from learners.people.actions.preferences import pause_messages, save_preferences, set_channel_choice

__all__ = [
    "Invitation",
    "accept_invitation",
    "ask_for_invitation",
    "invite_member",
    "invite_members",
    "mail_invitation",
    "mail_waiting_invitations",
    "pause_messages",
    "save_preferences",
    "set_channel_choice",
]
