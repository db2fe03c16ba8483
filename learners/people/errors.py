"""Refusals about people and their preferences."""

from config.support.errors import DomainError, InvalidInput


class BadAddress(InvalidInput):
    """It is no e-mail address."""

    code = "bad_address"
    title = "Write an e-mail address such as name@example.com."


class BadZone(InvalidInput):
    """The IANA database does not know this zone."""

    code = "bad_zone"
    title = "Choose a time zone such as Europe/Paris."


class UnknownChannel(InvalidInput):
    """There is no such kind of message, or no such way to send it."""

    code = "unknown_channel"
    title = "Choose a kind of message and a way to send it from the list."


class OwnManager(InvalidInput):
    """A person was named as their own line manager."""

    code = "own_manager"
    title = "Nobody is their own line manager. Name somebody else or leave it empty."


class PersonErased(DomainError):
    """The person asked to be forgotten; the row that is left speaks for nobody."""

    code = "person_erased"
    title = "This person's data was erased. Invite them with their address again."


class HereAlready(DomainError):
    """Nobody is invited who is in already."""

    code = "here_already"
    title = "This person is a member already."


class InvitationOver(DomainError):
    """The link of an invitation was altered, is too old, or has done its work."""

    code = "invitation_over"
    title = "This invitation has ended. Sign in with a code sent to your address, or ask for a new invitation."
