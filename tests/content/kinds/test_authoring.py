import pytest
from bs4 import BeautifulSoup

from content.kinds.registry import get_kind
from tests.content.kinds.specs import MINUTES, SPECS, as_posted, authoring, spec_for


def soup(form):
    return BeautifulSoup(str(form), "html.parser")


def posted(kind, **changes):
    return as_posted(authoring(kind, None, spec_for(kind))) | changes


@pytest.mark.parametrize("kind", SPECS)
def test_what_a_designer_sees_and_sends_back_unchanged_is_the_same_spec(kind):
    spec = spec_for(kind)

    form = authoring(kind, as_posted(authoring(kind, None, spec)), minutes=MINUTES)

    assert form.is_valid(), list(form.problems())
    assert form.to_spec() == spec


@pytest.mark.parametrize("kind", sorted(set(SPECS) - {"article"}))
def test_an_empty_form_says_at_each_place_what_is_missing(kind):
    form = authoring(kind, {})

    assert not form.is_valid()
    problems = list(form.problems())
    assert problems
    page = soup(form)
    for anchor, sentence, _place in problems:
        assert page.find(id=anchor) is not None, anchor
        assert sentence in page.get_text()


def test_an_article_has_nothing_to_fill():
    assert authoring("article", {}).is_valid()


@pytest.mark.parametrize("kind", SPECS)
def test_each_control_has_a_label_and_no_name_is_used_twice(kind):
    page = soup(authoring(kind, None, spec_for(kind)))

    controls = page.select("input:not([type=hidden]), textarea, select")
    labeled = {label["for"] for label in page.select("label[for]")}
    assert all(control["id"] in labeled for control in controls)
    # Boxes of one group share a name and differ in their value.
    boxes = "[type=checkbox][value]"
    names = [control["name"] for control in page.select(f"[name]:not({boxes})")]
    names += [f"{control['name']}={control['value']}" for control in page.select(f"[name]{boxes}")]
    assert len(names) == len(set(names))
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("kind", SPECS)
def test_what_describes_a_control_is_on_the_page(kind):
    form = authoring(kind, {})
    form.is_valid()
    page = soup(form)

    for control in page.select("[aria-describedby]"):
        for name in control["aria-describedby"].split():
            assert page.find(id=name) is not None, (control["name"], name)


def test_add_another_adds_an_empty_row_keeps_what_was_typed_and_judges_nothing():
    data = posted("quiz", **{"spec-questions-0-prompt": "Half a ques", "spec-questions-1-choices-add": "1"})

    form = authoring("quiz", data)

    assert form.is_adding
    assert not form.is_valid()
    assert list(form.problems()) == []
    page = soup(form)
    assert page.find(attrs={"name": "spec-questions-0-prompt"}).get_text().strip() == "Half a ques"
    before = int(data["spec-questions-1-choices-count"])
    assert page.find(attrs={"name": "spec-questions-1-choices-count"})["value"] == str(before + 1)
    assert page.find(attrs={"name": f"spec-questions-1-choices-{before}-text"}) is not None
    assert page.select(".err") == []


def test_enter_saves_and_does_not_add_a_row():
    first_button = soup(authoring("quiz", None, spec_for("quiz"))).find("button")

    assert not first_button.has_attr("name")


def test_a_removed_row_is_gone_and_a_moved_row_takes_its_place():
    data = posted("practice", **{"spec-steps-0-remove": "on", "spec-report-1-position": "1"})

    form = authoring("practice", data)

    assert form.is_valid()
    spec = form.to_spec()
    assert spec.steps == ("Ask what it is for.",)
    assert spec.report == ("What did they say?", "What did you say?")


def test_spare_rows_do_not_count_even_with_a_tick_or_a_position():
    count = posted("quiz")["spec-questions-count"]
    data = posted("quiz", **{f"spec-questions-{int(count) - 1}-confidence": "on"})

    form = authoring("quiz", data)

    assert form.is_valid()
    assert len(form.to_spec().questions) == 2


def test_a_fault_is_shown_at_its_row_although_an_empty_row_stands_before_it():
    data = posted("quiz")
    emptied = {name: "" for name in data if name.startswith("spec-questions-0-") and not name.endswith("count")}
    form = authoring("quiz", data | emptied | {"spec-questions-1-choices-2-because": ""})

    assert not form.is_valid()
    anchors = [anchor for anchor, _sentence, _place in form.problems()]
    assert anchors == ["id_spec-questions-1-choices-2-because"]


def test_a_fault_in_a_group_is_told_at_the_group():
    data = posted("quiz")
    for place in range(3):
        data.pop(f"spec-questions-1-choices-{place}-correct", None)

    form = authoring("quiz", data)

    assert not form.is_valid()
    assert [anchor for anchor, _sentence, _place in form.problems()] == ["spec-questions-1-choices-rows"]


def test_scenes_of_one_name_are_told_apart():
    doubled = authoring("scenario", posted("scenario", **{"spec-scenes-1-name": "request"}))

    assert not doubled.is_valid()
    assert any("twice" in sentence for _anchor, sentence, _place in doubled.problems())


def test_scenes_are_named_from_what_happens_and_choices_lead_to_them_by_number():
    unnamed = {f"spec-scenes-{place}-name": "" for place in range(4)} | {"spec-start": ""}

    form = authoring("scenario", posted("scenario", **unnamed))

    assert form.is_valid(), list(form.problems())
    spec = form.to_spec()
    assert list(spec.scenes) == [
        "jo-wants-a-dashboard-by-friday",
        "jo-has-to-decide-about-a",
        "the-dashboard-is-there-nobody-opens",
        "jo-thanks-you",
    ]
    assert spec.start == "jo-wants-a-dashboard-by-friday"
    assert [choice.to for choice in spec.scenes[spec.start].choices] == [
        "the-dashboard-is-there-nobody-opens",
        "jo-has-to-decide-about-a",
    ]


def test_a_choice_cannot_lead_to_a_scene_that_is_taken_away():
    form = authoring("scenario", posted("scenario", **{"spec-scenes-2-remove": "on"}))

    assert not form.is_valid()
    places = {anchor: place for anchor, _sentence, place in form.problems()}
    assert places["id_spec-scenes-0-choices-0-to"] == "Scene 1, Choice 1, Leads to the scene"


def test_keys_of_questions_are_made_from_their_words_and_stay_when_the_words_change():
    data = posted("quiz") | {"spec-questions-0-key": "", "spec-questions-1-key": ""}
    same = {"spec-questions-0-prompt": "What is a fact?", "spec-questions-1-prompt": "What is a fact?"}

    made = authoring("quiz", data | same)
    assert made.is_valid(), list(made.problems())
    spec = made.to_spec()
    again = authoring("quiz", as_posted(authoring("quiz", None, spec)) | {"spec-questions-0-prompt": "And now?"})

    assert [question.key for question in spec.questions] == ["what-is-a-fact", "what-is-a-fact-2"]
    assert again.is_valid()
    assert [question.key for question in again.to_spec().questions] == ["what-is-a-fact", "what-is-a-fact-2"]


def test_a_new_quiz_shows_one_question_with_two_choices_and_a_kept_one_no_blank_row():
    new, kept = authoring("quiz"), authoring("quiz", None, spec_for("quiz"))

    assert [row.groups["choices"].count for row in new.groups["questions"].forms] == [2]
    assert [row.groups["choices"].count for row in kept.groups["questions"].forms] == [2, 3]


def test_a_question_that_is_added_comes_with_choices_and_takes_the_focus():
    data = posted("quiz") | {"spec-questions-add": "1"}

    page = soup(authoring("quiz", data))

    assert page.find(attrs={"name": "spec-questions-2-choices-count"})["value"] == "2"
    assert [control["name"] for control in page.select("[autofocus]")] == ["spec-questions-2-prompt"]


def test_what_must_be_filled_is_marked_and_a_fault_names_its_row_and_field():
    form = authoring("quiz", posted("quiz", **{"spec-questions-1-choices-2-because": ""}))
    form.is_valid()

    assert [place for _anchor, _sentence, place in form.problems()] == ["Question 2, Choice 3, Because"]
    assert "“Because”" in next(form.problems()).sentence
    labels = soup(form).select("label[for='id_spec-questions-0-prompt'], label[for='id_spec-questions-0-explain']")
    assert ["(required)" in label.get_text() for label in labels] == [True, False]


def test_every_kind_says_in_a_sentence_what_people_do_in_it():
    assert [kind for kind in SPECS if not str(get_kind(kind).about).endswith(".")] == []


def test_a_choice_that_leads_nowhere_is_told_at_its_field():
    form = authoring("scenario", posted("scenario", **{"spec-scenes-0-choices-1-to": "nowhere"}))

    assert not form.is_valid()
    assert "id_spec-scenes-0-choices-1-to" in [anchor for anchor, _sentence, _place in form.problems()]


def test_percent_is_written_and_a_ratio_is_kept():
    form = authoring("quiz", None, spec_for("quiz", pass_ratio=0.665))
    assert form["pass_ratio"].value() == "66.5"

    again = authoring("quiz", as_posted(form))

    assert again.is_valid()
    assert again.to_spec().pass_ratio == 0.665


@pytest.mark.parametrize("percent", ["0", "101", "many"])
def test_a_percentage_out_of_range_is_told_at_its_field(percent):
    form = authoring("quiz", posted("quiz", **{"spec-pass_ratio": percent}))

    assert not form.is_valid()
    assert [anchor for anchor, _sentence, _place in form.problems()] == ["id_spec-pass_ratio"]


def test_the_agenda_is_held_against_the_minutes_of_the_activity():
    form = authoring("live_session", posted("live_session"), minutes=45)

    assert not form.is_valid()
    assert [anchor for anchor, _sentence, _place in form.problems()] == ["spec-agenda-rows"]


@pytest.mark.parametrize(
    ("changes", "anchor"),
    [
        ({"spec-amount": ""}, "id_spec-amount"),
        ({"spec-at": "9:00"}, "id_spec-at"),
        ({"spec-amount": "-1"}, "id_spec-amount"),
    ],
)
def test_a_check_in_is_mended_at_the_field_that_is_wrong(changes, anchor):
    form = authoring("commitment", posted("commitment") | changes)

    assert not form.is_valid()
    assert anchor in [found for found, _sentence, _place in form.problems()]


def test_lists_to_choose_from_replace_free_text_and_keep_an_unlisted_value():
    form = authoring("practice", None, spec_for("practice"), options={"indicator": [("own-view", "Own view first")]})

    options = [option["value"] for option in soup(form).select("select[name=spec-indicator] option")]
    assert options == ["", "own-view", "two-framings"]
    chosen = authoring(
        "practice", as_posted(form) | {"spec-indicator": "own-view"}, options={"indicator": [("own-view", "Own")]}
    )
    assert chosen.is_valid()
    assert chosen.to_spec().indicator == "own-view"


def test_a_form_that_is_not_valid_gives_no_spec():
    form = get_kind("practice").spec_form({})

    with pytest.raises(ValueError, match="errors"):
        form.to_spec()


@pytest.mark.parametrize("count", ["-3", "many", "99999"])
def test_a_count_that_no_browser_sends_does_no_harm(count):
    form = authoring("practice", posted("practice", **{"spec-steps-count": count}))

    form.is_valid()
    assert form.groups["steps"].count <= 100
