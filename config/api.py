"""Every address below /api/v1/."""

import hashlib
import json
from functools import cache
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer2, OpenApiYamlRenderer2
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.accounts.api import ApiView
from config.accounts.permissions import ANYONE
from config.support.reference import reference


class SchemaQuery(serializers.Serializer[Any]):
    """The two forms of the document."""

    format = serializers.ChoiceField(choices=["json", "yaml"], required=False)


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI document; it changes with the code only, so it is made once a process."""
    generator = SchemaGenerator(patterns=[path("api/v1/", include(urlpatterns))])  # type: ignore[no-untyped-call]
    made: dict[str, Any] = generator.get_schema(public=True)  # type: ignore[no-untyped-call]
    return made


@cache
def _edition() -> str:
    """Name this edition of the document, so that a caller who holds it is told so."""
    return hashlib.sha256(json.dumps(document(), sort_keys=True, default=str).encode()).hexdigest()


class Schema(ApiView):
    """The OpenAPI 3.1 document of this API."""

    scopes = {"GET": ANYONE}
    queries = {"GET": SchemaQuery}
    renderer_classes = [OpenApiJsonRenderer2, OpenApiYamlRenderer2]

    @extend_schema(operation_id="read_schema", responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request) -> Response:
        """Return this document as JSON, or as YAML with `?format=yaml` or `Accept: application/yaml`."""
        return self.tagged([_edition(), request.accepted_renderer.format], document)


class Docs(ApiView):
    """This document, for people."""

    scopes = {"GET": ANYONE}

    @extend_schema(operation_id="read_docs", responses={(200, "text/html"): OpenApiTypes.STR})
    def get(self, request: Request) -> HttpResponseBase:
        """Return a page that shows this document; it needs no script."""
        held = self.tagged([_edition(), get_language()], lambda: None)
        if held.status_code == 304:
            return held
        page = render(request._request, "api/docs.html", {"reference": reference(document())})
        page["ETag"] = held["ETag"]
        return page


urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("journeys.authoring.api.urls")),
    path("", include("content.skills.api.urls")),
    path("", include("learners.board.api.urls")),
    path("", include("learners.player.api.urls")),
    path("", include("learners.integrations.api.urls")),
    path("schema/", Schema.as_view(), name="api-schema"),
    path("docs/", Docs.as_view(), name="api-docs"),
]
