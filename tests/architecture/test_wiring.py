"""Django reaches every room, and nothing points up the stack."""

import importlib
import sys

import pytest
from django.apps import apps
from django.db import models
from django.template.loader import get_template

from config.celery import app as celery_app
from tests.architecture.sources import APPS, ROOT

ORDER = ["support", "accounts", "events", "content", "journeys", "learners"]
ROOMS = {
    "content": ["uploads", "skills", "kinds", "activities"],
    "journeys": ["schedule", "authoring", "publishing", "bundle", "studio"],
    "learners": [
        "people",
        "cohorts",
        "progress",
        "reflections",
        "ratings",
        "nudges",
        "player",
        "board",
        "rollout",
        "integrations",
        "preview",
    ],
}


def _our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in ORDER]


def _room(model: type[models.Model]) -> tuple[int, int]:
    label = model._meta.app_label
    room = model.__module__.split(".")[1]
    return ORDER.index(label), ROOMS.get(label, [room]).index(room)


@pytest.mark.parametrize("role", ["models", "admin", "tasks"])
def test_every_room_is_reached(role):
    importlib.import_module("config.urls")
    celery_app.loader.import_default_modules()
    files = [p for app in APPS for p in (ROOT / app).glob(f"*/{role}.py")]
    files += [p for app in APPS for p in (ROOT / app).glob(f"*/{role}/__init__.py")]
    names = {".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for p in files}

    assert {name for name in names if name not in sys.modules} == set()


def test_no_foreign_key_points_up():
    up = [
        f"{model.__name__}.{field.name} → {field.related_model.__name__}"
        for model in _our_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.ManyToManyField)
        and field.related_model in _our_models()
        and _room(field.related_model) > _room(model)
    ]

    assert up == []


def test_every_model_says_what_a_row_means():
    assert [m.__name__ for m in _our_models() if not m.__doc__ or m.__doc__.startswith(f"{m.__name__}(")] == []


@pytest.mark.parametrize(
    "template",
    sorted(
        {
            str(p.relative_to(next(d for d in p.parents if d.name == "templates")))
            for p in ROOT.glob("c*/**/templates/**/*.html")
        }
    )
    + sorted(
        {
            str(p.relative_to(next(d for d in p.parents if d.name == "templates")))
            for p in ROOT.glob("[jl]*/*/templates/**/*.html")
        }
    ),
)
def test_every_template_compiles(template):
    assert get_template(template)
