"""What our templates need beyond Django: times in a person's zone, stones and cairns, lists in words."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

from django import template
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BaseForm, BoundField, Field
from django.template.defaultfilters import stringfilter
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from config.support.templatetags.cairn_shapes import WIDTH, pile

register = template.Library()

# The shape that stands beside each state's word, and the class that colors it.
SHAPES: dict[str, tuple[str, str]] = {
    "done": ("done", ""),
    "saved": ("done", ""),
    "completed": ("done", ""),
    "in_progress": ("half", ""),
    "started": ("half", ""),
    "open": ("open", ""),
    "later": ("later", "later"),
    "locked": ("later", "later"),
    "practiced": ("full", ""),
    "evidence": ("cairn", ""),
    "help": ("help", "help"),
    "needs_help": ("help", "help"),
    "error": ("help", "help"),
    "wait": ("wait", "wait"),
    "waiting": ("wait", "wait"),
    "here": ("wait", "wait"),
    "moved": ("moved", ""),
    "none": ("none", "none"),
    "not_open": ("none", "none"),
    "up": ("up", ""),
    "down": ("down", ""),
}
# Browsers say that they are each other; the first mark that is found wins.
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
STONE_STATES = ("laid", "here", "ahead")
LEGS = ("M30 0C30 45 70 55 70 100", "M70 0C70 45 30 55 30 100")


def _zone(zone: str | tzinfo | None) -> tzinfo:
    if not zone:
        return timezone.get_current_timezone()
    return ZoneInfo(zone) if isinstance(zone, str) else zone


def _in_zone(value: date, zone: str | tzinfo | None) -> date:
    if not isinstance(value, datetime):
        return value
    if timezone.is_naive(value):
        raise ValueError("A time without a zone has no place on a page; pass an aware one.")
    return value.astimezone(_zone(zone))


def _pattern(form: str) -> str:
    patterns = {
        "time": pgettext("date format: Thursday 18 March, 16:00", "l j F, H:i"),
        "short": pgettext("date format: Thu 18 March, 16:00", "D j F, H:i"),
        "day": pgettext("date format: Thursday 18 March", "l j F"),
        "date": pgettext("date format: Thursday 18 March 2027", "l j F Y"),
        "short_day": pgettext("date format: 18 March", "j F"),
        "clock": pgettext("date format: 16:00", "H:i"),
    }
    if form not in patterns:
        raise ValueError(f"No date form {form!r}; choose one of {', '.join(patterns)}.")
    return patterns[form]


def in_words(value: date | None, zone: str | tzinfo | None, form: str) -> str:
    """Say a moment or a day as a person would. This function will return words in the person's zone, "" for None."""
    if not value:
        return ""
    return format_date(_in_zone(value, zone), _pattern(form))


@register.filter
def local_time(value: datetime | None, zone: str | tzinfo | None = None) -> str:
    """Thursday 18 March, 16:00. This function will answer "" for None; zone is an IANA name, default the active one."""
    return in_words(value, zone, "time")


@register.filter
def local_short(value: datetime | None, zone: str | tzinfo | None = None) -> str:
    """Thu 18 March, 16:00. This function will answer "" for None."""
    return in_words(value, zone, "short")


@register.filter
def local_day(value: date | None, zone: str | tzinfo | None = None) -> str:
    """Thursday 18 March, of a moment or a date. This function will answer "" for None."""
    return in_words(value, zone, "day")


@register.filter
def local_short_day(value: date | None, zone: str | tzinfo | None = None) -> str:
    """18 March, of a moment or a date. This function will answer "" for None."""
    return in_words(value, zone, "short_day")


@register.filter
def local_date(value: date | None, zone: str | tzinfo | None = None) -> str:
    """Thursday 18 March 2027, of a moment or a date. This function will answer "" for None."""
    return in_words(value, zone, "date")


@register.filter
def local_clock(value: datetime | None, zone: str | tzinfo | None = None) -> str:
    """16:00. This function will answer "" for None."""
    return in_words(value, zone, "clock")


@register.simple_tag
def when(value: date | None, zone: str | tzinfo | None = None, form: str = "time") -> SafeString:
    """
    A moment as a `<time>` element. This function will answer "" for None.

    form: time, short, day, short_day, date or clock. The datetime attribute keeps the person's offset.
    """
    if not value:
        return SafeString("")
    local = _in_zone(value, zone)
    stamp = local.isoformat(timespec="minutes") if isinstance(local, datetime) else local.isoformat()
    return format_html('<time datetime="{}">{}</time>', stamp, in_words(value, zone, form))


@register.filter
def utc_time(value: datetime | None) -> str:
    """3 Mar 00:00, in UTC, for schedules read beside local time. This function will answer "" for None."""
    return format_date(value.astimezone(UTC), "j M H:i") if value else ""


@register.filter
def own_time(value: datetime) -> str:
    """Wed 3 Mar 2027 09:00, in the zone that the moment itself carries, for schedules of somebody elsewhere."""
    return format_date(value, "D j M Y H:i")


@register.filter
def own_day(value: date) -> str:
    """1 Mar 2027, for weeks of a schedule."""
    return format_date(value, "j M Y")


@register.filter
def minutes(value: int | None) -> str:
    """12 min; from two hours on 2 h 5 min. This function will answer "" for None."""
    if value is None:
        return ""
    if value < 120:
        return _("%(count)s min") % {"count": value}
    hours, rest = divmod(int(value), 60)
    if not rest:
        return _("%(hours)s h") % {"hours": hours}
    return _("%(hours)s h %(count)s min") % {"hours": hours, "count": rest}


@register.filter
def minutes_long(value: int | None) -> str:
    """12 minutes. This function will answer "" for None."""
    if value is None:
        return ""
    return ngettext("%(count)s minute", "%(count)s minutes", int(value)) % {"count": value}


def _joined(items: Sequence[str], limit: int | None) -> SafeString:
    shown = list(items) if limit is None or len(items) <= limit else list(items[:limit])
    rest = len(items) - len(shown)
    if rest:
        head = format_html_join(_(", "), "{}", ((item,) for item in shown))
        return format_html(ngettext("{} and {} other", "{} and {} others", rest), head, rest)
    if len(shown) < 2:
        return format_html_join("", "{}", ((item,) for item in shown))
    head = format_html_join(_(", "), "{}", ((item,) for item in shown[:-1]))
    return format_html(_("{} and {}"), head, shown[-1])


@register.filter
def word_list(items: Iterable[object], limit: int | None = None) -> SafeString:
    """Amal, Jo and Mateo; with a limit: Amal, Jo and 21 others. This function will escape each item."""
    return _joined([conditional_escape(str(item)) for item in items], limit)


@register.filter
def name_list(names: Iterable[object], limit: int | None = None) -> SafeString:
    """The same for people's names, each in `<bdi>`. This function will escape each name."""
    return _joined([format_html("<bdi>{}</bdi>", name) for name in names], limit)


@register.filter
def device(user_agent: str) -> str:
    """Firefox on Windows. This function will name what a browser says it is; an unknown one stays as it is."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or user_agent[:80]


@register.filter
def unprompted(field: BoundField) -> SafeString:
    """The control of a form field without its placeholder. This function will leave all else as the form made it."""
    return field.as_widget(attrs={"placeholder": False})


@register.filter
def faults(field: BoundField) -> list[str]:
    """What to mend in a field. This function will say an empty field in our words and leave other messages alone."""
    required = Field.default_error_messages["required"]
    fill = _("Choose one.") if field.widget_type in ("radioselect", "select") else _("Fill this in.")
    return [
        fill if error.code == "required" and error.message == required else " ".join(error.messages)
        for error in field.errors.as_data()
    ]


@register.filter
def faulty_fields(form: BaseForm) -> int:
    """How many fields of a form need mending. This function will leave out what concerns the form as a whole."""
    return len(form.errors) - (NON_FIELD_ERRORS in form.errors)


@register.filter
@stringfilter
def status_shape(state: str) -> SafeString:
    """
    The shape of a state, to stand before its word. This function will return the SVG that uses the sprite's symbol.

    Raises ValueError for a state that has no shape: a word without its shape is a fault of the page.
    """
    key = state.lower().replace("-", "_").replace(" ", "_")
    if key not in SHAPES:
        raise ValueError(f"No shape for the state {state!r}; choose one of {', '.join(SHAPES)}.")
    symbol, color = SHAPES[key]
    classes = f"s {color}" if color else "s"
    return format_html('<svg class="{}" aria-hidden="true"><use href="#s-{}" /></svg>', classes, symbol)


@register.simple_tag
def cairn(
    states: Iterable[str] | None = None, *, laid: int = 0, total: int = 0, here: bool = True, room: int = 0
) -> SafeString:
    """
    The cairn of a journey: one stone a module, from the bottom. This function will return it as decoration.

    states: laid, here or ahead, a word a module. Without them `laid` of `total` stones are laid and the next is here;
    with here=False nobody's turn is shown (an empty state). room: leave height for so many stones.
    Say the same in a sentence beside it.
    """
    words = list(states) if states is not None else _states(laid=laid, total=total, turn=here)
    unknown = sorted(set(words) - set(STONE_STATES))
    if unknown:
        raise ValueError(f"No stone for {unknown}; choose laid, here or ahead.")
    drawn = pile(len(words), room=room)
    stones = format_html_join("", '<path class="{}" d="{}" />', zip(words, drawn.outlines, strict=True))
    return format_html(
        '<svg class="cairn" viewBox="0 0 {} {}" aria-hidden="true">{}</svg>', int(WIDTH), int(drawn.height), stones
    )


def _states(*, laid: int, total: int, turn: bool) -> list[str]:
    here = ["here"] if turn and laid < total else []
    return ["laid"] * laid + here + ["ahead"] * (total - laid - len(here))


@register.simple_tag
def stones(laid: int = 0, total: int = 0, *, here: int | None = None, size: str = "") -> SafeString:
    """
    Stones in a row: steps of a module, moments of a week. This function will return them as decoration.

    here: the place, from 1, where the reader is. size: "" (steps), big (moments of a week) or tiny (counts in a row).
    Always put the number in words beside them.
    """
    marks = ["at" if place == here else "on" if place <= laid else "" for place in range(1, total + 1)]
    items = format_html_join("", "<i{}></i>", ((format_html(' class="{}"', mark) if mark else "",) for mark in marks))
    classes = f"stones {size}" if size else "stones"
    return format_html('<span class="{}" aria-hidden="true">{}</span>', classes, items)


@register.simple_tag
def leg(index: int) -> SafeString:
    """One curve of the trail, swinging to the other side at each item (index from 0). This function will return SVG."""
    return format_html(
        '<svg class="leg" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true"><path d="{}" /></svg>',
        LEGS[index % 2],
    )
