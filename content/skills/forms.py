"""The two forms that import a framework: the file, then what it does not say of itself."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from content.skills.rules.esco import REUSE_LEVELS

LEVEL_WORDS = {
    "transversal": _("Transversal: of use in any work"),
    "cross-sector": _("Cross-sector"),
    "sector-specific": _("Sector-specific"),
    "occupation-specific": _("Occupation-specific"),
}


class FrameworkFileForm(forms.Form):
    """A file with skills."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "A CSV with the columns of ESCO, at most 20 MB, or a CASE package as JSON, at most 8 MB; 500 skills."
        ),
        error_messages={
            "required": _("Choose a CSV file or a CASE package."),
            "empty": _("This file is empty. Choose a CSV file or a CASE package."),
        },
        widget=forms.ClearableFileInput({"accept": ".csv,.json,text/csv,application/json"}),
    )
    levels = forms.MultipleChoiceField(
        label=_("Only these reuse levels"),
        help_text=_("For a CSV. Choose none to take all."),
        required=False,
        choices=[(level, LEVEL_WORDS[level]) for level in REUSE_LEVELS],
        widget=forms.CheckboxSelectMultiple,
    )


class FrameworkTextsForm(forms.Form):
    """Where a framework comes from. What the action refuses comes back to its field."""

    use_required_attribute = False
    title = forms.CharField(label=_("Title"), required=False)
    version = forms.CharField(
        label=_("Version"), required=False, help_text=_("As its publisher counts it, such as 1.2 or 2027-03.")
    )
    source_uri = forms.CharField(label=_("Source"), required=False, help_text=_("Its address on the web."))
    license = forms.CharField(
        label=_("License"), required=False, help_text=_("Under which it may be used, such as CC-BY-4.0.")
    )

    def take(self, faults: Any) -> None:
        """Show each fault at the field that it points to."""
        for fault in faults:
            name = fault.pointer.removeprefix("/")
            self.add_error(name if name in self.fields else None, fault.detail)
