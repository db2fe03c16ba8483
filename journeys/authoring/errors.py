"""Refusals of designers' acts."""

from config.support.errors import DomainError, InvalidInput, NotFound


class VersionFrozen(DomainError):
    """The version is published or retired; it never changes again."""

    code = "version_frozen"
    title = "This version is published and stays as it is. Start a draft from it and change that."


class EditedMeanwhile(DomainError):
    """Somebody else changed the draft after it was opened here."""

    code = "edited_meanwhile"
    title = "Somebody else changed this draft while you had it open. Reload it, then make your change again."


class KeyTaken(InvalidInput):
    """The key was used in this journey before; completions may hang on it, so it is never given again."""

    code = "key_taken"
    title = "This key is in use, or was in use in an earlier version. Choose another one."


class StillNeeded(DomainError):
    """Rules or texts of the version name what was to be removed."""

    code = "still_needed"
    title = "Something else in this version depends on this. Change that first."


class DraftExists(DomainError):
    """A journey has one draft at a time."""

    code = "draft_exists"
    title = "This journey has a draft already. Go on with it, or discard it first."


class NothingToCopy(DomainError):
    """A draft starts from a published version, and there is none."""

    code = "nothing_to_copy"
    title = "This journey has no published version yet. Go on with its draft."


class StateGone(DomainError):
    """The state is too old to be kept, never was, or names what was deleted since."""

    code = "state_gone"
    title = "This earlier state is not kept any more. Choose a newer one of the list."


class NothingToUndo(DomainError):
    """The draft stands as it began."""

    code = "nothing_to_undo"
    title = "There is nothing to undo: this draft stands as it began."


class InvalidAuthoring(InvalidInput):
    """What the designer entered has faults, each with its place."""

    code = "authoring_invalid"
    title = "Some entries need another look"


class UnsoundRules(DomainError):
    """Rules of the version wait for each other or for what is not there, so no date can be computed."""

    code = "unsound_rules"
    title = "Some rules of this version cannot be computed. Mend the ones that errors names."


class UnknownVersion(NotFound):
    """There is no such journey or version, or it is not yours."""

    code = "unknown_version"
    title = "There is no such version"


class UnknownStep(NotFound):
    """The version has no such module, step or nudge rule."""

    code = "unknown_step"
    title = "This version has no such part"
