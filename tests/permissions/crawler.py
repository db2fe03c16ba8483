"""Looks at everything that a visitor can reach: links, forms, searches, and the addresses that nothing leads to."""

import io
import re
import zipfile
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from django.urls import Resolver404, resolve

from tests.permissions.visits import Visitor, visit

# Leaving would end the walk; static files are the same for everybody.
SKIPPED = re.compile(r"^/(accounts/logout|admin/logout|static|accounts/.*cancelled)")
# A list has as many addresses as it has filters and orders; so many are followed.
VARIANTS = 2
# Rows, or steps, of one kind that the administration leads to.
ALIKE = 30
# A tree of each whole page takes as long as the page itself, so links are read from the markup.
LINK = re.compile(r"""<(?:a|iframe)\b[^>]*?\s(?:href|src)=(?:"([^"]*)"|'([^']*)')""")
FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]*')
TEXTS = {"text", "search", "email", None}


@dataclass(frozen=True)
class Seen:
    """One answer: where from, and everything in it that a person or tool could read, headers too."""

    address: str
    status: int
    text: str
    is_page: bool
    location: str


@dataclass
class Form:
    """A form as its page filled it in."""

    page: str
    action: str
    method: str
    values: dict[str, list[str]]
    choices: dict[str, list[str]]

    @property
    def shape(self) -> tuple[Any, ...]:
        """What makes it another form than one of another page."""
        return (re.sub(r"[0-9a-f-]{36}|\d+", "#", urlsplit(self.action).path), tuple(sorted(self.values)))


@dataclass
class Walk:
    """What one visitor saw: answers in the order of looking, where one can search, and the forms that would write."""

    seen: list[Seen] = field(default_factory=list)
    forms: dict[tuple[Any, ...], Form] = field(default_factory=dict)
    searches: dict[tuple[str, str], Form] = field(default_factory=dict)

    def holding(self, words: re.Pattern[str]) -> list[str]:
        """Return the addresses of answers with these words in them."""
        return [one.address for one in self.seen if words.search(one.text)]


def walk(visitor: Visitor, starts: Iterable[str], *, alike: int = ALIKE, variants: int = VARIANTS) -> Walk:
    """
    Look at these addresses and at what they lead to. Nothing is written: each look is taken back.

    Of one route of the administration and the studio so many are followed as `alike` says, the starts among them; of
    one path with different questions, `variants`. Outside of them, where words of people stand, everything is.
    """
    found = Walk()
    starts = list(dict.fromkeys(starts))
    queue, known = deque(starts), set(starts)
    routes = Counter(_kind(start) for start in starts)
    asked = Counter[str]()
    while queue:
        address = queue.popleft()
        seen = look(visitor, address)
        found.seen.append(seen)
        for lead in _leads(seen, found):
            path = urlsplit(lead).path
            # Where one came from changes nothing of what is shown.
            query = re.sub(r"_changelist_filters=[^&]*&?", "", urlsplit(lead).query)
            plain = f"{path}?{query}" if query else path
            if plain in known or SKIPPED.match(path):
                continue
            counted, key, most = (asked, path, variants) if query else (routes, _kind(path), alike)
            counted[key] += 1
            if key and counted[key] > most:
                continue
            known.add(plain)
            queue.append(plain)
    return found


@cache
def _kind(path: str) -> str:
    """Return the route of a page of the administration; "" for what is followed wherever it leads."""
    if not path.startswith("/admin/"):
        return ""
    try:
        return resolve(path).route
    except Resolver404:
        return path


def look(visitor: Visitor, address: str) -> Seen:
    """Return one answer as text."""
    path, _, query = address.partition("?")
    response = visit(visitor, "GET", path, dict(parse_qsl(query, keep_blank_values=True)))
    assert response.status_code < 500, (address, response.status_code)
    kind, location = response.get("Content-Type", ""), response.get("Location", "")
    return Seen(address, response.status_code, text_of(response), kind.startswith("text/html"), location)


def text_of(response: Any) -> str:
    """Return everything of an answer that can be read, also in the files of an archive."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if response.get("Content-Type") == "application/zip":
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"\n".join(name.encode() + b"\n" + packed.read(name) for name in packed.namelist())
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    return f"{headers}\n{body.decode('utf-8', 'replace')}"


def forms_of(seen: Seen, found: Walk) -> None:
    """Note the forms of an answer without going anywhere."""
    for _ in _leads(seen, found):
        continue


def _leads(seen: Seen, found: Walk) -> Iterator[str]:
    """Yield the addresses of this site that an answer leads to, and note its forms."""
    if seen.location:
        yield urljoin(seen.address, seen.location)
    if '"next": "' in seen.text or '"next":"' in seen.text:
        yield from re.findall(r'"next": ?"https?://[^/]+(/[^"]+)"', seen.text)
    if not seen.is_page:
        return
    for target in dict.fromkeys(unescape(first or second) for first, second in LINK.findall(seen.text)):
        if target and not urlsplit(target).scheme:
            yield urljoin(seen.address, target.partition("#")[0])
    for markup in FORM.findall(seen.text):
        tag = _parsed(TOKEN.sub(r"\1x", markup))
        form = read_form(seen.address, tag)
        if form.method == "POST":
            found.forms.setdefault(form.shape, form)
        else:
            yield f"{form.action.partition('#')[0]}?{urlencode(form.values, doseq=True)}"
            for name in _written(tag):
                found.searches.setdefault((urlsplit(form.action).path, name), form)


@lru_cache(4096)
def _parsed(markup: str) -> Tag:
    """Return a form as a tree, which nobody changes: most pages have the same few."""
    tag = BeautifulSoup(markup, "html.parser").form
    assert tag is not None
    return tag


def _written(tag: Tag) -> Iterator[str]:
    """Yield the names of the fields into which words are written."""
    for one in tag.find_all("input"):
        if one.get("type") in TEXTS and one.get("name"):
            yield str(one["name"])


def search(visitor: Visitor, form: Form, name: str, word: str) -> Seen:
    """Search for a word in one field of a form."""
    return look(visitor, f"{urlsplit(form.action).path}?{urlencode({**form.values, name: word}, doseq=True)}")


def read_form(page: str, tag: Tag) -> Form:
    """Return a form with the values that a browser would send, and what else each choice offers."""
    values: dict[str, list[str]] = {}
    choices: dict[str, list[str]] = {}
    for one in tag.find_all(["input", "select", "textarea", "button"]):
        name = str(one.get("name") or "")
        if not name or one.has_attr("disabled"):
            continue
        kind = str(one.get("type") or "")
        if one.name == "select":
            options = one.find_all("option")
            choices[name] = [str(option.get("value", option.text)) for option in options]
            chosen = [str(o.get("value", o.text)) for o in options if o.has_attr("selected")]
            values[name] = chosen or ([] if one.has_attr("multiple") else choices[name][:1])
        elif one.name == "textarea":
            values[name] = [one.text.removeprefix("\n")]
        elif kind in ("checkbox", "radio"):
            choices.setdefault(name, []).append(str(one.get("value", "on")))
            if one.has_attr("checked"):
                values.setdefault(name, []).append(str(one.get("value", "on")))
        elif one.name == "button" or kind == "submit":
            choices.setdefault(name, []).append(str(one.get("value", "")))
        elif kind != "file":
            values.setdefault(name, []).append(str(one.get("value", "")))
    action = urljoin(page, str(tag.get("action") or page))
    return Form(page, action, str(tag.get("method") or "get").upper(), values, choices)
