"""The OpenAPI document: what every address can answer, refusals included."""

from typing import Any, Final

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

READS: Final = frozenset({"get", "head"})
IF_NONE_MATCH: Final = OpenApiParameter(
    "If-None-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag of an answer you hold; 304 says that nothing changed.",
)
IDEMPOTENCY_KEY: Final = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[\\x21-\\x7e]+$"},
    OpenApiParameter.HEADER,
    description="Yours, new for each write. The same key and body gets the first answer again, for 24 hours.",
)
ETAG: Final = {"description": "Send it back as If-None-Match.", "schema": {"type": "string"}}

PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "description": "RFC 9457: what was refused, and what to do about it.",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "description": "Stable: urn:waymark:problem:<code>."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence that says what to do."},
        "instance": {"type": "string", "description": "The address that was asked."},
        "errors": {
            "type": "array",
            "description": "Present when single values are at fault.",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {
                    "pointer": {
                        "type": "string",
                        "description": "A JSON pointer into the body, or ?name for a parameter of the address.",
                    },
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}

REFUSALS: Final = {
    "400": ("Unreadable", "The request, a header or a parameter could not be read."),
    "401": ("Unauthenticated", "No key or token, or one that is not known, expired or revoked."),
    "403": ("NotAllowed", "The key lacks the scope, or the person lacks the role."),
    "404": ("NotFound", "It does not exist, or it is not yours."),
    "409": ("Conflict", "A rule refuses this now, or the Idempotency-Key was used for another request."),
    "413": ("TooLarge", "More was sent at once than is taken."),
    "415": ("NotJson", "The body is not application/json."),
    "422": ("Invalid", "Values need another look; errors names each."),
    "429": ("Throttled", "Too many requests; wait as long as Retry-After says."),
}
HEADERS: Final[dict[str, Any]] = {
    "401": {"WWW-Authenticate": {"description": "How to authenticate.", "schema": {"type": "string"}}},
    "409": {
        "Retry-After": {
            "description": "Seconds; only while the first request with this key is under way.",
            "schema": {"type": "integer"},
        }
    },
    "429": {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}},
}


class ProblemSchema(AutoSchema):
    """Reads scopes and parameters from where the views declare them: the document cannot drift from the code."""

    def get_override_parameters(self) -> list[Any]:
        reads = self.method.lower() in READS
        query = getattr(self.view, "queries", {}).get(self.method)
        return [*([query] if query else []), IF_NONE_MATCH if reads else IDEMPOTENCY_KEY]

    def get_auth(self) -> list[dict[str, Any]]:
        scope = getattr(self.view, "scopes", {}).get(self.method, "")
        if scope == "anyone":
            return [{}]
        if scope == "signed-in":
            return [{"session": []}]
        return [{"apiKey": []}, {"oauth2": [scope]}, {"session": []}]

    def get_description(self) -> str:  # type: ignore[override]
        scope = getattr(self.view, "scopes", {}).get(self.method, "")
        text = super().get_description()
        return f"{text}\n\nScope: `{scope}`." if ":" in scope else text

    def get_serializer_name(self, serializer: Any, direction: Any) -> str:
        """CohortShape in the code is Cohort to the reader."""
        return type(serializer).__name__.removesuffix("Shape")

    def get_tags(self) -> list[str]:
        """The first part of the address behind /api/v1/."""
        return [self.path.removeprefix("/api/v1/").strip("/").split("/")[0].split(".")[0] or "api"]


def add_problem_answers(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Add to every operation the refusals it can answer, and 304 and ETag to every read."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components["responses"] = {name: _refusal(status) for status, (name, _) in REFUSALS.items()}
    components["responses"]["Unchanged"] = {
        "description": "You hold the current answer.",
        "headers": {"ETag": ETAG},
    }
    for name, schema in components["schemas"].items():
        # A value that nobody asked for is refused, so that a misspelled one does not look like a success.
        if name.endswith("Request") and schema.get("type") == "object":
            schema["additionalProperties"] = False
    for operations in result["paths"].values():
        for method, operation in operations.items():
            _complete(method, operation)
    return result


def _refusal(status: str) -> dict[str, Any]:
    refusal: dict[str, Any] = {
        "description": REFUSALS[status][1],
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status in HEADERS:
        refusal["headers"] = HEADERS[status]
    return refusal


def _complete(method: str, operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    statuses = ["400", "401", "403", "404", "429"]
    if method in READS:
        responses["304"] = {"$ref": "#/components/responses/Unchanged"}
        responses["200"].setdefault("headers", {})["ETag"] = ETAG
    else:
        statuses += ["409", "413", "415", "422"]
    for status in statuses:
        responses[status] = {"$ref": f"#/components/responses/{REFUSALS[status][0]}"}
