"""Where Waymark itself wrote a person's name or address beside other rows."""

import json
import re
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Q, TextField
from django.db.models.functions import Cast

from config.accounts.models import IdempotentRequest, User
from config.personal_data.registry import personal_models
from learners.nudges.models import EngineState
from learners.progress.models import Attempt


def cut_mentions(person: User) -> int:
    """
    Take a person's name and address out of the admin's log, remembered API answers, the engine's last fault, and the
    practices that they were asked to confirm.

    Returns how many rows were changed. What other people wrote about somebody is theirs and stays.
    """
    # The admin keeps its messages as JSON, in which other letters than a to z are escaped.
    words = {word for plain in (person.email, person.name) if plain for word in (plain, json.dumps(plain)[1:-1])}
    names = re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in words), re.IGNORECASE)
    return _log_entries(person, words, names) + _answers(names) + _fault(names) + _asked_to_confirm(person)


def _log_entries(person: User, words: set[str], names: re.Pattern[str]) -> int:
    about = Q()
    for model, rule in personal_models():
        for one in rule.about:
            rows = model._default_manager.filter(one.rows_of(person)).annotate(as_text=Cast("pk", CharField()))
            about |= Q(
                content_type=ContentType.objects.get_for_model(model), object_id__in=rows.values("as_text").order_by()
            )
    found = Q()
    for word in words:
        found |= Q(object_repr__icontains=word) | Q(change_message__icontains=word)
    texts = LogEntry.objects.filter(found).values_list("pk", "object_repr", "change_message")
    naming = [pk for pk, shown, message in texts if names.search(f"{shown} {message}")]
    return LogEntry.objects.filter(about | Q(pk__in=naming)).update(object_repr="", change_message="")


def _answers(names: re.Pattern[str]) -> int:
    rows = IdempotentRequest.objects.values_list("pk", "body")
    naming = [pk for pk, body in rows.iterator(chunk_size=500) if names.search(str(body))]
    return IdempotentRequest.objects.filter(pk__in=naming).delete()[0]


def _fault(names: re.Pattern[str]) -> int:
    state = EngineState.objects.first()
    if state is None or not names.search(state.last_fault):
        return 0
    return EngineState.objects.update(last_fault="")


def _asked_to_confirm(person: User) -> int:
    """Forget whom a learner named to confirm a practice, asked already or only in a draft."""
    written = Attempt.objects.exclude(enrollment__user=person).annotate(words=Cast("response", TextField()))
    naming = written.filter(words__icontains=person.email).only("response")
    found = [attempt for attempt in naming if _address_of(attempt.response.get("sign_off")) == person.email]
    for attempt in found:
        attempt.response = {**attempt.response, "sign_off": None}
    return Attempt.objects.bulk_update(found, ["response"], batch_size=200)


def _address_of(asked: Any) -> str:
    return str(asked.get("email", "")).strip().lower() if isinstance(asked, dict) else ""
