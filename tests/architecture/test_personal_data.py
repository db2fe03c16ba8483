"""Each model says what it holds about people, and its rule fits its columns."""

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from config.accounts.models import User
from config.personal_data.registry import personal_models, rule_of
from config.personal_data.telling import kind_of
from config.support.personal_data import EVERYTHING, Cut

MODELS = apps.get_models()
BY_NAME = {model._meta.label: model for model in MODELS}


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_every_model_has_a_rule(name):
    assert rule_of(BY_NAME[name])


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_every_column_that_points_at_a_person_is_in_the_rule(name):
    model, rule = BY_NAME[name], rule_of(BY_NAME[name])
    named = {about.path.split("__")[0] for about in rule.about} | set(rule.signed_by)

    pointing = {field.name for field in model._meta.concrete_fields if field.related_model is User}

    assert pointing - named == set()


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_what_hangs_on_rows_about_people_is_about_people(name):
    model, rule = BY_NAME[name], rule_of(BY_NAME[name])
    # A token hangs on a client, which is about whoever made it and not about whoever the token is for.
    above = [
        f.related_model
        for f in model._meta.concrete_fields
        if f.is_relation and f.related_model is not User and f.remote_field.on_delete is models.CASCADE
    ]

    if any(rule_of(parent).about for parent in above if parent is not model):
        assert rule.about or name in {"learners.ApiKeyCohort"}


@pytest.mark.parametrize(("model", "rule"), personal_models(), ids=lambda value: getattr(value, "__name__", ""))
def test_a_rule_names_columns_that_exist(model, rule):
    for about in rule.about:
        if about.find is None:
            assert _end(model, about.path) is User
        columns = () if about.export == EVERYTHING else about.export
        for column in (*columns, *about.texts, *(about.erase.values if isinstance(about.erase, Cut) else ())):
            assert model._meta.get_field(column).concrete
    for column in rule.signed_by:
        assert model._meta.get_field(column).related_model is User


def test_kinds_have_names_of_their_own():
    names = [kind_of(model) for model, _ in personal_models()]

    assert len(names) == len(set(names))


def _end(model: type[models.Model], path: str) -> type[models.Model]:
    for part in path.split("__"):
        if part == "pk":
            return model
        field = model._meta.get_field(part)
        if field.related_model is None:
            raise FieldDoesNotExist(f"{part} points at nothing")
        model = field.related_model
    return model
