"""An organization's own frameworks and skills; the built-in one is everyone's and stays as it is."""

from django.db import transaction

from config.support.errors import Fault
from content.skills.errors import FrameworkNotFound, FrameworkReadOnly, SkillInvalid, SkillNotFound
from content.skills.models import Skill, SkillFramework
from content.skills.rules import framework_faults, skill_faults


@transaction.atomic
def save_framework(
    *,
    organization_id: int,
    framework_id: int | None = None,
    key: str,
    version: str,
    title: str,
    source_uri: str = "",
    license: str = "",
) -> SkillFramework:
    """
    Make a framework of an organization's own, or change its title, source and license; key and version stay.

    Raises FrameworkNotFound, FrameworkReadOnly, SkillInvalid.
    """
    faults = [Fault(*fault) for fault in framework_faults(key=key, version=version, title=title)]
    if faults:
        raise SkillInvalid(faults=faults)
    texts = {"title": title.strip(), "source_uri": source_uri, "license": license}
    if framework_id is not None:
        framework = own_framework(organization_id=organization_id, framework_id=framework_id)
        for name, value in texts.items():
            setattr(framework, name, value)
        framework.save(update_fields=list(texts))
        return framework
    framework, is_new = SkillFramework.objects.get_or_create(
        organization_id=organization_id, key=key, version=version, defaults=texts
    )
    if not is_new:
        raise SkillInvalid(faults=[Fault("/version", f"“{key}” has a version {version} already. Choose another.")])
    return framework


@transaction.atomic
def save_skill(
    *,
    organization_id: int,
    framework_id: int,
    skill_id: int | None = None,
    key: str,
    title: str,
    description: str = "",
    position: int = 0,
) -> Skill:
    """
    Add a skill to an organization's own framework, or change its words and place; its key stays.

    Raises FrameworkNotFound, FrameworkReadOnly, SkillNotFound, SkillInvalid.
    """
    framework = own_framework(organization_id=organization_id, framework_id=framework_id)
    faults = [Fault(*fault) for fault in skill_faults(key=key, title=title)]
    if faults:
        raise SkillInvalid(faults=faults)
    texts = {"title": title.strip(), "description": description.strip(), "position": position}
    if skill_id is None:
        skill, is_new = Skill.objects.get_or_create(framework=framework, key=key, defaults=texts)
        if not is_new:
            raise SkillInvalid(faults=[Fault("/key", f"There is a skill “{key}” in this framework already.")])
        return skill
    found = Skill.objects.filter(framework=framework, pk=skill_id).first()
    if found is None:
        raise SkillNotFound
    for name, value in texts.items():
        setattr(found, name, value)
    found.save(update_fields=list(texts))
    return found


def own_framework(*, organization_id: int, framework_id: int) -> SkillFramework:
    """Return a framework that this organization may change. Raises FrameworkNotFound, FrameworkReadOnly."""
    framework = SkillFramework.objects.filter(pk=framework_id).first()
    if framework is None or framework.organization_id not in (None, organization_id):
        raise FrameworkNotFound
    if framework.organization_id is None or framework.imported_at is not None:
        raise FrameworkReadOnly
    return framework
