"""The form that takes a bundle."""

from django import forms
from django.utils.translation import gettext_lazy as _

from journeys.studio.forms.outline import StudioForm


class BundleForm(StudioForm):
    """A journey packed as a .zip."""

    file = forms.FileField(
        label=_("Bundle (.zip)"),
        help_text=_("A folder with journey.yaml, modules and assets, packed as a .zip of at most 26 MB."),
        error_messages={
            "required": _("Choose the .zip of a journey."),
            "empty": _("This file is empty. Choose the .zip of a journey."),
        },
        widget=forms.ClearableFileInput({"accept": ".zip,application/zip"}),
    )

    def __init__(self, data: object = None, files: object = None) -> None:
        super().__init__(data, files=files)  # type: ignore[arg-type]
