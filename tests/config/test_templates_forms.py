"""How forms come out: labels, hints and errors that are wired to their controls."""

from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django import forms
from django.template.loader import render_to_string


class Plan(forms.Form):
    cue = forms.CharField(label="If", help_text="A moment <you> can see coming", max_length=10)
    response = forms.CharField(label="Then I will", widget=forms.Textarea)
    audience = forms.ChoiceField(choices=[("private", "Only you"), ("cohort", "All")], widget=forms.RadioSelect)
    days = forms.MultipleChoiceField(
        choices=[("mon", "Mon"), ("tue", "Tue")], widget=forms.CheckboxSelectMultiple, required=False
    )
    share = forms.BooleanField(label="Let Nadia see it", help_text="She is your facilitator")
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        if self.data.get("cue") == "clash":
            raise forms.ValidationError("Another plan says the same.")
        return self.cleaned_data


def _page(form: forms.Form) -> BeautifulSoup:
    fields = "".join(str(field.as_field_group()) for field in form)
    return BeautifulSoup(fields, "html.parser")


def _described(page: BeautifulSoup) -> set[str]:
    return {name for tag in page.select("[aria-describedby]") for name in str(tag["aria-describedby"]).split()}


@pytest.mark.parametrize("data", [None, {"cue": "far too long a cue"}])
def test_everything_a_control_points_to_is_on_the_page(data: dict[str, str] | None) -> None:
    page = _page(Plan(data))
    ids = [str(tag["id"]) for tag in page.select("[id]")]
    assert len(ids) == len(set(ids))
    assert _described(page) <= set(ids)
    assert {str(label["for"]) for label in page.select("label")} <= set(ids)


def test_hint_is_escaped_and_read_with_the_control() -> None:
    page = _page(Plan())
    hint = page.find(id="id_cue_helptext")
    assert hint is not None
    assert hint.get_text(strip=True) == "A moment <you> can see coming"
    assert page.select_one("#id_cue")["aria-describedby"] == "id_cue_helptext"  # type: ignore[index]


def test_error_stands_between_label_and_control() -> None:
    field = _page(Plan({"cue": "far too long a cue"})).select_one(".field")
    assert field is not None
    assert [child.name for child in field.find_all(recursive=False)] == ["label", "div", "div", "input"]
    control = field.select_one("input")
    assert control is not None
    assert control["aria-invalid"] == "true"
    assert control["aria-describedby"] == "id_cue_helptext id_cue_error"


def test_empty_answers_are_told_in_our_words() -> None:
    page = _page(Plan({}))
    assert [error.get_text(strip=True) for error in page.select(".err")] == [
        "Fill this in.",
        "Fill this in.",
        "Choose one.",
        "Fill this in.",
    ]


def test_choices_and_checks_keep_their_native_controls() -> None:
    page = _page(Plan())
    assert [choice.get_text(strip=True) for choice in page.select("label.choice")] == ["Only you", "All"]
    assert len(page.select("label.choice input[type=radio]")) == 2
    assert len(page.select(".checks label.check input[type=checkbox]")) == 2
    assert page.select_one("legend").get_text(strip=True) == "Audience"  # type: ignore[union-attr]


def test_hidden_fields_take_no_room() -> None:
    assert str(Plan()["token"].as_field_group()).strip() == '<input type="hidden" name="token" id="id_token">'


def _summary(form: forms.Form) -> Tag | None:
    # The sign-in pages show the summary above the fields; a component is only compiled inside a template file.
    page = render_to_string("allauth/elements/fields.html", {"attrs": {"form": form}})
    return BeautifulSoup(page, "html.parser").select_one(".note.clay")


def test_summary_counts_the_answers_and_leads_to_each() -> None:
    form = Plan({})
    summary = _summary(form)
    assert summary is not None
    targets = {str(tag["id"]) for tag in _page(form).select("input, textarea")}
    links = [str(link["href"]).removeprefix("#") for link in summary.select("a")]
    assert summary.h2 is not None
    assert summary.h2.get_text(strip=True) == "4 answers need mending"
    assert links == ["id_cue", "id_response", "id_audience_0", "id_share"]
    assert set(links) <= targets


def test_summary_takes_the_focus() -> None:
    summary = _summary(Plan({}))
    assert summary is not None
    assert (summary["tabindex"], summary["autofocus"]) == ("-1", "")


def test_summary_says_what_is_wrong_with_the_whole() -> None:
    summary = _summary(Plan({"cue": "clash", "response": "x", "audience": "private", "share": "on"}))
    assert summary is not None
    assert summary.get_text(" ", strip=True) == "That did not work Another plan says the same."


def test_sound_form_has_no_summary() -> None:
    assert _summary(Plan({"cue": "x", "response": "x", "audience": "private", "share": "on"})) is None
