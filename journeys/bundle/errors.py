"""Refusals of bundles."""

from config.support.errors import DomainError, InvalidInput


class BundleFaults(InvalidInput):
    """The bundle has faults; each is told as `path:line: what to do`. Nothing of it was imported."""

    code = "bundle_invalid"
    title = "This bundle cannot be read yet"


class DraftInTheWay(DomainError):
    """The journey has a draft that says something else; importing would lose it."""

    code = "draft_in_the_way"
    title = "This journey has a draft that differs from the bundle. Publish or discard it, or replace it on purpose."


class ShownOtherwise(DomainError):
    """Somebody changed the draft, or published it, after the import was shown."""

    code = "shown_otherwise"
    title = "The journey was changed while you were looking. Look again at what the import changes now."


class TargetNotEmpty(DomainError):
    """An export would mix with, or overwrite, what is there."""

    code = "target_not_empty"
    title = "The folder holds other files. Export to a new folder, or to one that holds a bundle of this journey."


class AssetsClash(DomainError):
    """Two activities mean different files by the same path."""

    code = "assets_clash"
    title = "Two activities mean different files by the same path. Rename one of them."
