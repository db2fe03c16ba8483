"""Refusals about people, keys and repeated requests."""

from config.support.errors import DomainError


class NoOrganization(DomainError):
    """The person belongs to no organization yet."""

    code = "no_organization"
    status = 403
    title = "You do not belong to an organization yet. Ask the person who invited you."


class MailAway(DomainError):
    """A mail that the person waits for cannot be sent now."""

    code = "mail_away"
    status = 503
    title = "We cannot send mail at the moment. Try again in a few minutes, or sign in in another way."


class UnknownScope(DomainError):
    """A key asked for a scope that does not exist."""

    code = "unknown_scope"
    status = 422
    title = "That scope does not exist"


class MissingScope(DomainError):
    """The key is good, and does not reach this far."""

    code = "missing_scope"
    status = 403
    title = "This key does not reach that far"


class PeopleOnly(DomainError):
    """A key asked for something that belongs to a signed-in person."""

    code = "people_only"
    status = 403
    title = "This address is for a signed-in person, not for a key"


class BadIdempotencyKey(DomainError):
    """The header Idempotency-Key is not usable."""

    code = "bad_idempotency_key"
    status = 400
    title = "Send 1 to 200 printable ASCII characters as Idempotency-Key"


class IdempotencyKeyReused(DomainError):
    """The same key came with another request."""

    code = "idempotency_key_reused"
    status = 409
    title = "This Idempotency-Key was used for another request. Take a new one for each new write."


class StillUnderWay(DomainError):
    """The first request with this key has not ended yet."""

    code = "still_under_way"
    status = 409
    title = "The first request with this Idempotency-Key is still under way. Ask again in a moment."
    wait = 1
