"""Rows of people and organizations: one factory a model, no surprises."""

import hashlib
from datetime import UTC, datetime

import factory

from config.accounts.models import ApiKey, Membership, Organization, User


class OrganizationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organization

    slug = factory.Sequence(lambda n: f"organization-{n}")
    name = factory.Sequence(lambda n: f"Organization {n}")
    time_zone = "Europe/Paris"


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.com")
    name = factory.Sequence(lambda n: f"Person {n}")
    time_zone = "Europe/Paris"


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organization = factory.SubFactory(OrganizationFactory)


class ApiKeyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ApiKey

    organization = factory.SubFactory(OrganizationFactory)
    name = "Reports"
    prefix = factory.Sequence(lambda n: f"wm_{n:08d}")
    digest = factory.Sequence(lambda n: hashlib.sha256(f"secret-{n}".encode()).hexdigest())
    scopes = factory.LazyFunction(lambda: ["progress:read"])
    expires_at = datetime(2028, 1, 1, tzinfo=UTC)
