import pytest
from django.test import Client
from django.urls import reverse

from content.skills.models import BehaviorIndicator, Skill, SkillFramework
from tests.factories.accounts import MembershipFactory, OrganizationFactory
from tests.factories.content import BehaviorIndicatorFactory, SkillFactory, SkillFrameworkFactory

LIST = "admin:content_skillframework_changelist"
CHANGE = "admin:content_skillframework_change"
ADD = "admin:content_skillframework_add"


@pytest.fixture
def designer(db):
    return MembershipFactory(is_designer=True)


@pytest.fixture
def client_of(db):
    def sign_in(membership):
        client = Client()
        client.force_login(membership.user)
        return client

    return sign_in


def posted(**values):
    rows = values.pop("rows", [])
    data = {"title": "Our craft", "key": "our-craft", "version": "1", "source_uri": "", "license": ""} | values
    data |= {"skills-TOTAL_FORMS": str(len(rows)), "skills-INITIAL_FORMS": str(sum("id" in row for row in rows))}
    for place, row in enumerate(rows):
        data |= {f"skills-{place}-{name}": value for name, value in row.items()}
    return data


def test_a_designer_sees_the_built_in_framework_and_their_own_only(client_of, designer):
    SkillFrameworkFactory(organization=designer.organization, title="Our craft")
    SkillFrameworkFactory(title="Their craft")

    page = client_of(designer).get(reverse(LIST))

    assert page.status_code == 200
    assert b"Human skills for work with AI" in page.content
    assert b"Our craft" in page.content
    assert b"Their craft" not in page.content


def test_a_learner_sees_no_framework_at_all(client_of):
    learner = MembershipFactory()

    assert client_of(learner).get(reverse(LIST)).status_code in {302, 403}


def test_a_designer_adds_a_framework_with_skills(client_of, designer):
    rows = [{"key": "sailing", "title": "Sailing", "description": "Gets home.", "position": "1"}]

    answer = client_of(designer).post(reverse(ADD), posted(rows=rows))

    assert answer.status_code == 302
    framework = SkillFramework.objects.get(key="our-craft")
    assert framework.organization == designer.organization
    assert [skill.title for skill in framework.skills.all()] == ["Sailing"]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"key": "Our_Craft"}, "lower-case letters"),
        ({"title": " "}, "required"),
        ({"rows": [{"key": "Bad Key", "title": "x", "position": "0"}]}, "valid"),
        ({"rows": [{"key": "bad_key", "title": "x", "position": "0"}]}, "lower-case letters"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_written(client_of, designer, values, words):
    answer = client_of(designer).post(reverse(ADD), posted(**values))

    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not SkillFramework.objects.filter(organization=designer.organization).exists()


def test_the_same_version_twice_is_told_at_its_field(client_of, designer):
    SkillFrameworkFactory(organization=designer.organization, key="our-craft", version="1")

    answer = client_of(designer).post(reverse(ADD), posted())

    assert "Choose another" in answer.content.decode()
    assert SkillFramework.objects.filter(organization=designer.organization).count() == 1


def test_an_own_framework_changes_its_words_and_never_its_key(client_of, designer):
    framework = SkillFrameworkFactory(organization=designer.organization, key="own", version="1")
    skill = SkillFactory(framework=framework, key="sailing", title="Sailing", position=1)
    row = {
        "id": str(skill.pk),
        "framework": str(framework.pk),
        "key": "sailing",
        "title": "Sailing home",
        "position": "2",
    }

    answer = client_of(designer).post(
        reverse(CHANGE, args=[framework.pk]), posted(title="New", key="other", rows=[row])
    )

    assert answer.status_code == 302
    framework.refresh_from_db()
    skill.refresh_from_db()
    assert (framework.title, framework.key) == ("New", "own")
    assert (skill.title, skill.position, skill.key) == ("Sailing home", 2, "sailing")


def test_a_key_of_a_skill_never_changes(client_of, designer):
    skill = SkillFactory(framework__organization=designer.organization, key="sailing")
    row = {
        "id": str(skill.pk),
        "framework": str(skill.framework_id),
        "key": "rowing",
        "title": "Rowing",
        "position": "1",
    }

    client_of(designer).post(reverse(CHANGE, args=[skill.framework_id]), posted(rows=[row]))

    skill.refresh_from_db()
    assert skill.key == "sailing"


@pytest.mark.parametrize("kind", ["built-in", "foreign"])
def test_a_framework_that_is_not_ones_own_cannot_be_changed(client_of, designer, kind):
    if kind == "built-in":
        framework = SkillFramework.objects.get(organization=None)
    else:
        framework = SkillFrameworkFactory(organization=OrganizationFactory())
    before = framework.title

    answer = client_of(designer).post(reverse(CHANGE, args=[framework.pk]), posted(title="Mine now"))

    framework.refresh_from_db()
    assert answer.status_code in {302, 403}
    assert framework.title == before
    delete = client_of(designer).post(
        reverse("admin:content_skillframework_delete", args=[framework.pk]), {"post": "yes"}
    )
    assert delete.status_code in {302, 403}
    assert SkillFramework.objects.filter(pk=framework.pk).exists()


def test_the_built_in_framework_is_shown_to_read(client_of, designer):
    framework = SkillFramework.objects.get(organization=None)

    page = client_of(designer).get(reverse(CHANGE, args=[framework.pk]))

    assert page.status_code == 200
    assert b"Problem framing" in page.content
    assert b'name="_save"' not in page.content


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_frameworks_takes_the_same_queries_whatever_their_number(
    client_of, designer, django_assert_num_queries, count
):
    for _number in range(count):
        SkillFactory(framework__organization=designer.organization)
    client = client_of(designer)
    client.get(reverse(LIST))

    with django_assert_num_queries(7):
        client.get(reverse(LIST))


def test_behaviors_are_read_with_their_anchors_and_never_those_of_others(client_of, designer):
    skill = Skill.objects.get(key="communication")
    BehaviorIndicatorFactory(skill=skill, organization=designer.organization, text="Our act")
    BehaviorIndicatorFactory(skill=skill, organization=OrganizationFactory(), text="Their act")
    built_in = BehaviorIndicator.objects.get(key="checks-what-arrived")
    client = client_of(designer)

    page = client.get(reverse("admin:content_behaviorindicator_changelist"))
    one = client.get(reverse("admin:content_behaviorindicator_change", args=[built_in.pk]))

    assert b"Our act" in page.content
    assert b"Their act" not in page.content
    assert b"Asks whether it was clear" in one.content
    assert b'name="_save"' not in one.content
