"""A film of our own, with captions and transcript, or an address elsewhere that the learner opens knowingly."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field

from config.support.errors import Fault
from content.kinds.contract import Kind, Outcome
from content.kinds.forms import ResponseForm, SpecForm, line_field, markdown_field, needed
from content.kinds.shapes import Line, Markdown, Response, Spec

ASSET = re.compile(r"^assets(/[A-Za-z0-9][A-Za-z0-9._-]*)+$")


class VideoSpec(Spec):
    """source: the path of an own file (`assets/…`) or an https address. captions: the path of a WebVTT file."""

    source: Line = Field(description="the path of a film in assets, or an https address")
    transcript: Markdown | None = None
    captions: Line | None = None

    @property
    def is_own(self) -> bool:
        return self.source.startswith("assets/")

    @property
    def host(self) -> str:
        """The site that an outside address belongs to."""
        return urlsplit(self.source).hostname or ""

    def faults(self, *, minutes: int | None = None) -> Iterator[Fault]:
        """Yield what a learner without sound or sight would miss, and an address that cannot be used."""
        if not self.is_own:
            yield from self._faults_of_address()
            return
        if not ASSET.match(self.source) or not self.source.lower().endswith((".mp4", ".webm")):
            yield Fault("/source", _("Name an .mp4 or .webm file in assets, such as assets/welcome.mp4."))
        if not self.captions:
            yield Fault("/captions", _("Add captions: a WebVTT file such as assets/welcome.vtt."))
        elif not ASSET.match(self.captions) or not self.captions.lower().endswith(".vtt"):
            yield Fault("/captions", _("Name a .vtt file in assets, such as assets/welcome.vtt."))
        if not self.transcript:
            yield Fault("/transcript", _("Add a transcript, so that nobody needs the sound or the picture."))

    def _faults_of_address(self) -> Iterator[Fault]:
        try:
            address = urlsplit(self.source)
            usable = address.scheme == "https" and bool(address.hostname) and not address.username
        except ValueError:
            usable = False
        if not usable:
            yield Fault("/source", _("Use an address that begins with https://, or a file such as assets/welcome.mp4."))
        if self.captions:
            yield Fault(
                "/captions", _("Leave captions empty for an address elsewhere; they work with an own file only.")
            )

    def asset_paths(self) -> frozenset[str]:
        """Return the film and its captions, where they are our own."""
        return frozenset(path for path in (self.source, self.captions) if path and path.startswith("assets/"))


class VideoResponse(Response):
    """The learner went on after watching; how long they watched is nobody's business."""


def judge(spec: VideoSpec, response: VideoResponse) -> Outcome:
    """Take going on as having watched."""
    return Outcome(completed=True)


class VideoSpecForm(SpecForm[VideoSpec]):
    """Which film, and what stands beside it for those who cannot hear or see it."""

    spec_class = VideoSpec

    source = needed(
        line_field(
            gettext_lazy("Film"), gettext_lazy("A file such as assets/welcome.mp4, or an https address elsewhere.")
        )
    )
    captions = line_field(
        gettext_lazy("Captions"), gettext_lazy("For an own file: a WebVTT file such as assets/welcome.vtt.")
    )
    transcript = markdown_field(gettext_lazy("Transcript"), gettext_lazy("What is said and what is seen."), lines=10)


class VideoForm(ResponseForm[VideoSpec, VideoResponse]):
    """Nothing to fill: going on is the answer."""

    response_class = VideoResponse


KIND = Kind(
    key="video",
    label=gettext_lazy("Video"),
    act=gettext_lazy("Watch"),
    about=gettext_lazy("A film with captions and transcript, when seeing or hearing somebody says more than a text."),
    Spec=VideoSpec,
    Response=VideoResponse,
    judge=judge,
    spec_form=VideoSpecForm,
    response_form=VideoForm,
)
