"""What a person says before they are erased."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ErasingForm(forms.Form):
    """The last word: they know that there is no way back."""

    sure = forms.BooleanField(
        label=_("I know that this cannot be taken back"),
        error_messages={"required": _("Tick this first, if you want everything erased.")},
    )


class CodeForm(forms.Form):
    """The code from the mail."""

    code = forms.CharField(
        label=_("Code"),
        max_length=32,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
        error_messages={"required": _("Enter the code from the mail.")},
    )
