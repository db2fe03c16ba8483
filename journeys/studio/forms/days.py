"""A day of the calendar, as the designer's forms ask for it."""

from datetime import date
from typing import Any, Final

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from content.kinds.shapes import Words
from journeys.schedule.fields import FIRST_YEAR, LAST_YEAR

_TOO_FAR: Final = _("Choose a day in the years 2000 to 2199.")
_BOUNDS: Final = (
    MinValueValidator(date(FIRST_YEAR, 1, 1), _TOO_FAR),
    MaxValueValidator(date(LAST_YEAR, 12, 31), _TOO_FAR),
)
_NO_DAY: Final = _("That is not a day of the calendar. Choose one, such as 2027-03-03.")


def day_field(label: Words, *, needed: Words = "", hint: Words = "") -> forms.DateField:
    """Return a field for a day as browsers write it, 2027-03-03. needed: what to say without one; "": may be left."""
    errors: dict[str, Any] = {"invalid": _NO_DAY} | ({"required": needed} if needed else {})
    return forms.DateField(
        label=label,
        help_text=hint,
        required=bool(needed),
        widget=forms.DateInput({"type": "date", "class": "wide"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        validators=_BOUNDS,
        error_messages=errors,
    )
