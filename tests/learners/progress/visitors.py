"""Browsers of the people who visit the admin."""

from django.test import Client
from django.urls import reverse

from tests.factories.accounts import MembershipFactory
from tests.factories.learners import CohortStaffFactory


def browser(user):
    signed_in = Client()
    signed_in.force_login(user)
    return signed_in


def member(cohort, role=None, **roles):
    user = MembershipFactory(organization=cohort.organization, **roles).user
    if role:
        CohortStaffFactory(cohort=cohort, user=user, role=role)
    return user


def url(page, *args):
    return reverse(f"admin:learners_{page}", args=args)
