"""Frameworks come in from files: as new versions, never over one that is there."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from content.skills.actions import define_indicator, import_framework, save_framework, save_skill
from content.skills.errors import FrameworkReadOnly, FrameworkShownOtherwise, NothingToImport, SkillInvalid
from content.skills.models import Skill, SkillAlignment, SkillFramework
from content.skills.queries import skill_by_key
from content.skills.queries.importing import compare_framework, read_framework
from content.uploads.models import HeldUpload
from tests.content.skills.files import BASE, ROWS, TEXTS, case, esco
from tests.factories.accounts import MembershipFactory, OrganizationFactory

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
IMPORT = "/admin/content/skillframework/import/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def organization():
    return OrganizationFactory()


def _import(organization, data=None, **texts):
    file = read_framework(data or esco())
    return import_framework(organization_id=organization.pk, file=file, now=NOW, **{**TEXTS, **texts})


def _changed(title="listen to people"):
    return esco(ROWS[0].replace("listen closely", title), ROWS[1])


def test_a_framework_keeps_its_source_license_version_and_concepts(organization):
    framework = _import(organization)

    assert {name: getattr(framework, name) for name in TEXTS} == TEXTS
    assert (framework.key, framework.imported_at) == ("harbor-skills", NOW)
    keys = framework.skills.order_by("position").values_list("key", flat=True)
    assert list(keys) == ["listen-closely", "ask-openly", "knots"]
    skill = framework.skills.get(key="listen-closely")
    assert (skill.other_names, skill.reuse_level) == ("hear somebody out\nlisten well", "transversal")
    link = SkillAlignment.objects.get(skill=skill)
    assert (link.uri, link.label, link.match_type) == (f"{BASE}listen", "listen closely", "exact")


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_depend_on_the_number_of_skills(
    organization, count, django_assert_max_num_queries
):
    with django_assert_max_num_queries(14):
        _import(organization, esco(*ROWS[:count]))


def test_a_package_of_case_keeps_the_tree_as_broader_concepts(organization):
    framework = _import(organization, case())

    links = SkillAlignment.objects.filter(skill__framework=framework, skill__title="Asks what and how")
    assert set(links.values_list("uri", "match_type")) == {
        (f"{BASE}ask", "exact"),
        (f"{BASE}talk", "broad"),
        (f"{BASE}elsewhere", "exact"),
    }


def test_a_key_that_means_another_skill_already_is_not_taken(organization):
    framework = _import(organization, esco(ROWS[0].replace("listen closely", "Communication")))

    assert framework.skills.get().key == "communication-2"
    assert skill_by_key(organization_id=organization.pk, key="communication").framework.organization is None


def test_the_same_file_again_writes_nothing(organization):
    _import(organization)

    with pytest.raises(NothingToImport):
        _import(organization, version="1.1")
    with pytest.raises(SkillInvalid):
        _import(organization)

    assert SkillFramework.objects.filter(organization=organization).count() == 1


def test_a_changed_file_becomes_a_new_version_and_the_old_one_stays(organization):
    old = _import(organization)
    used = define_indicator(
        organization_id=organization.pk,
        skill_key="listen-closely",
        key="says-back",
        text="Says back",
        levels=["Never", "Always"],
        now=NOW,
    )
    comparison = compare_framework(organization_id=organization.pk, file=read_framework(_changed()))

    new = _import(organization, _changed(), version="1.1")

    assert comparison.base == old
    assert comparison.change.changed == ("“listen closely” is now called “listen to people”.",)
    assert comparison.change.gone == ("knots",)
    assert (new.key, new.version) == (old.key, "1.1")
    assert old.skills.get(key="listen-closely").title == "listen closely"
    assert skill_by_key(organization_id=organization.pk, key="listen-closely").framework == new
    assert skill_by_key(organization_id=organization.pk, key="knots").framework == old
    used.refresh_from_db()
    assert used.skill.framework == old


def test_a_skill_that_comes_back_gets_its_key_again(organization):
    _import(organization)
    _import(organization, _changed(), version="2")

    third = _import(organization, version="3")

    assert set(third.skills.values_list("key", flat=True)) == {"listen-closely", "ask-openly", "knots"}


@pytest.mark.parametrize(
    ("texts", "pointer"),
    [
        ({"title": " "}, "/title"),
        ({"version": ""}, "/version"),
        ({"source_uri": ""}, "/source_uri"),
        ({"source_uri": "the web"}, "/source_uri"),
        ({"license": ""}, "/license"),
        ({"license": "x" * 201}, "/license"),
    ],
)
def test_source_license_and_version_are_asked_for(organization, texts, pointer):
    with pytest.raises(SkillInvalid) as refusal:
        _import(organization, **texts)

    assert [fault.pointer for fault in refusal.value.faults] == [pointer]
    assert not SkillFramework.objects.filter(organization=organization).exists()


def test_what_was_shown_otherwise_is_not_imported(organization):
    with pytest.raises(FrameworkShownOtherwise):
        _import(organization, seen="an older one")


def test_what_came_from_a_file_is_not_changed_by_hand(organization):
    framework = _import(organization)

    with pytest.raises(FrameworkReadOnly):
        save_skill(organization_id=organization.pk, framework_id=framework.pk, key="mine", title="Mine")
    with pytest.raises(FrameworkReadOnly):
        save_framework(
            organization_id=organization.pk, framework_id=framework.pk, key="harbor-skills", version="1.0", title="Mine"
        )


def test_another_organization_has_nothing_of_it(organization):
    _import(organization)
    other = OrganizationFactory()

    assert compare_framework(organization_id=other.pk, file=read_framework(esco())).base is None
    _import(other)
    assert Skill.objects.filter(key="knots").count() == 2


@pytest.fixture
def page(client):
    member = MembershipFactory(is_designer=True)
    client.force_login(member.user)
    client.organization = member.organization
    return client


def _send(page, data, name="skills_en.csv", **fields):
    return page.post(IMPORT, {"file": SimpleUploadedFile(name, data), **fields})


def test_a_designer_sees_the_change_says_where_it_comes_from_and_imports(page):
    address = _send(page, esco())["Location"]
    shown = page.get(address)
    assert "A new framework with 3 skills" in shown.content.decode()
    seen = shown.context["comparison"].seen

    asked = page.post(address, {"seen": seen, "title": "Harbor skills"})
    assert asked.status_code == 422
    assert "Say under which license" in asked.content.decode()
    assert not SkillFramework.objects.filter(organization=page.organization).exists()

    done = page.post(address, {"seen": seen, **TEXTS})
    framework = SkillFramework.objects.get(organization=page.organization)
    assert done["Location"] == reverse("admin:content_skillframework_change", args=[framework.pk])
    change = page.get(done["Location"]).content.decode()
    assert "listen closely" in change
    assert 'name="title"' not in change
    assert not HeldUpload.objects.exists()


def test_what_a_package_says_of_itself_is_filled_in(page):
    shown = page.get(_send(page, case(), "harbor.json")["Location"]).content.decode()

    assert 'value="2.1"' in shown
    assert 'value="CC-BY-4.0"' in shown


def test_a_newer_file_is_shown_against_the_version_that_is_there(page):
    _import(page.organization)
    shown = page.get(_send(page, _changed())["Location"]).content.decode()

    assert "Compared with Harbor skills 1.0" in shown
    assert "is now called “listen to people”" in shown
    assert "Gone: 1" in shown
    assert 'value="https://skills.example/harbor"' in shown


def test_chosen_reuse_levels_hold_until_the_import(page):
    address = _send(page, esco(), levels=["transversal"])["Location"]
    page.post(address, {"seen": "new", **TEXTS})

    assert Skill.objects.get(framework__organization=page.organization).title == "listen closely"


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (esco(ROWS[0], ROWS[0]), "row 3"),
        (b"{}", "/CFDocument"),
        (b"PK\x03\x04\x00", ""),
    ],
)
def test_a_file_with_faults_is_refused_with_its_place(page, data, place):
    answer = _send(page, data)

    assert answer.status_code == 422
    assert [fault.pointer for fault in answer.context["faults"]][0] == place
    assert not HeldUpload.objects.exists()


def test_the_pages_do_not_exist_for_others(client, page):
    address = _send(page, esco())["Location"]
    for member in (MembershipFactory(is_designer=True), MembershipFactory(is_administrator=True)):
        client.force_login(member.user)
        assert client.get(address).status_code == 404
        assert client.post(address, {"seen": "new", **TEXTS}).status_code == 404
    assert not SkillFramework.objects.filter(organization=page.organization).exists()


def _run(*arguments):
    out, err = StringIO(), StringIO()
    code = 0
    try:
        call_command("skills", "import", *(str(argument) for argument in arguments), stdout=out, stderr=err)
    except CommandError as error:
        code, _ = 1, err.write(str(error))
    except SystemExit as exit_:
        code = int(exit_.code or 0)
    return code, out.getvalue().splitlines(), err.getvalue().splitlines()


def test_the_command_says_what_changes_and_asks_for_what_the_file_does_not_say(organization, tmp_path):
    path = tmp_path / "skills.csv"
    path.write_bytes(esco())

    code, out, err = _run(path)
    assert (code, out[0]) == (1, "3 skills, a new framework:")
    assert [line.partition(":")[0] for line in err] == ["--title", "--version-name", "--source", "--license"]

    texts = ("--title", "Harbor", "--source", "https://skills.example", "--license", "CC-BY-4.0")
    assert _run(path, *texts, "--version-name", "1", "--dry-run")[1][-1] == "Nothing was written."
    assert not SkillFramework.objects.filter(organization=organization).exists()
    assert _run(path, *texts, "--version-name", "1")[0] == 0
    path.write_bytes(_changed())
    code, out, _ = _run(path, "--version-name", "2")
    assert (code, out[0]) == (0, "2 skills, compared with Harbor 1:")
    assert "  gone: knots" in out
    code, out, _ = _run(path, "--version-name", "3")
    assert (code, out[-1]) == (0, "The newest version says the same. There is nothing to import.")


def test_the_command_refuses_what_it_cannot_read_in_one_line_a_fault(organization, tmp_path):
    path = tmp_path / "skills.csv"
    path.write_bytes(esco(ROWS[0], ROWS[0], ROWS[0]))

    code, _, err = _run(path)
    assert (code, [line.partition(":")[0] for line in err]) == (1, ["row 3", "row 4"])
    code, _, err = _run(tmp_path / "nowhere.csv")
    assert (code, len(err)) == (1, 1)
