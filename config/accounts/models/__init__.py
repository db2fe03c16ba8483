"""Who people are, where they belong, and which keys speak for them."""

from config.accounts.models.api_key import ApiKey, ClientOrganization, IdempotentRequest
from config.accounts.models.organization import Membership, Organization
from config.accounts.models.user import User

__all__ = ["ApiKey", "ClientOrganization", "IdempotentRequest", "Membership", "Organization", "User"]
