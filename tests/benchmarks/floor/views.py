"""What a create view costs at least: the same middleware and authentication, one check, one atomic insert."""

import uuid
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tests.benchmarks.floor.models import Mark


class Nothing(APIView):
    """An answer of the API that holds nothing, for a caller with a key."""

    scopes = {"GET": "progress:read"}

    def get(self, request: Request) -> Response:
        """Return an empty object."""
        return Response({})


class MarkSerializer(serializers.ModelSerializer[Mark]):
    """All of a mark."""

    class Meta:
        model = Mark
        fields = ["uuid", "enrollment_uuid", "step_key", "made_at"]
        read_only_fields = ["uuid", "made_at"]


class CreateMark(generics.CreateAPIView[Mark]):
    """A plain create view of Django REST framework."""

    scopes = {"POST": "progress:write"}
    serializer_class = MarkSerializer
    queryset = Mark._default_manager.all()

    def perform_create(self, serializer: Any) -> None:
        with transaction.atomic():
            serializer.save(uuid=uuid.uuid4(), made_at=self.request._request.now)  # type: ignore[attr-defined]


def bare_page(request: HttpRequest) -> HttpResponse:
    """A page without a query of its own, for a person who is signed in."""
    return HttpResponse(f"Hello {request.user.pk}")
