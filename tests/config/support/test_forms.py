from django import forms

from config.support.forms import LongSelect

CHOICES = [("", "None & none"), ("Asia", [("Asia/Tokyo", "Tōkyō <Japan>"), ("Asia/Riyadh", "Riyadh")]), ("UTC", "UTC")]


class _Form(forms.Form):
    plain = forms.ChoiceField(choices=CHOICES, required=False, widget=forms.Select({"class": "wide"}))
    long = forms.ChoiceField(choices=CHOICES, required=False, widget=LongSelect({"class": "wide"}))


def test_a_long_list_is_written_as_django_writes_one():
    form = _Form({"plain": "Asia/Tokyo", "long": "Asia/Tokyo"})
    plain, long = (str(form[name]).replace("\n", "").replace("  ", "") for name in ("plain", "long"))

    assert 'value="Asia/Tokyo" selected' in long
    assert long == plain.replace('"plain"', '"long"').replace("id_plain", "id_long")
