"""Turns what people write in Markdown into HTML that is safe to show: no script, no foreign request, no raw HTML."""

from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

LONGEST = 200_000
SCHEMES = {"http", "https", "mailto"}
INLINE = {"a", "br", "code", "em", "img", "s", "strong"}
BLOCKS = {"blockquote", "div", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "ul"}
TABLE = {"table", "tbody", "td", "th", "thead", "tr"}
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "loading"},
    "ol": {"start"},
    "div": {"role", "tabindex", "aria-label"},
}
CLASSES = {"blockquote": {"quote"}, "div": {"scroll"}, "table": {"table"}, "td": {"end"}, "th": {"end"}}

_parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False})
_parser.enable(["table", "strikethrough"])


def _open_table(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    # A wide table scrolls by itself; whoever uses the keyboard must be able to reach it.
    return f'<div class="scroll" role="group" tabindex="0" aria-label="{escape(_("Table"))}"><table class="table">\n'


def _close_table(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return "</table></div>\n"


_parser.add_render_rule("table_open", _open_table)
_parser.add_render_rule("table_close", _close_table)


def render(text: str, *, assets: Mapping[str, str] | None = None, top: int = 2) -> SafeString:
    """
    Return safe HTML for Markdown; whatever the text is, this never raises.

    assets: addresses of own files by the path used in the text; an image that is not among them shows its description
    instead. top: the level of the highest heading (the page's own heading is level 1).
    """
    tokens = _parser.parse(_storable(text))
    _shift_headings(tokens, top)
    _mend(tokens, assets or {})
    html = _parser.renderer.render(tokens, _parser.options, {})
    return _clean(html, INLINE | BLOCKS | TABLE)


def render_inline(text: str) -> SafeString:
    """Return safe HTML for a short text inside a label or a sentence: emphasis and code, no links or paragraphs."""
    html = " ".join(_inline_parts(_parser.parse(_storable(text))))
    return _clean(html, INLINE - {"a", "img", "br"})


def plain(text: str) -> str:
    """Return the words alone, on one line, for titles, mails and quotes: text to be escaped, not HTML."""
    return " ".join(unescape(nh3.clean(render(text), tags=set())).split())


def _clean(html: str, tags: set[str]) -> SafeString:
    cleaned = nh3.clean(
        html,
        tags=tags,
        attributes={tag: names for tag, names in ATTRIBUTES.items() if tag in tags},
        allowed_classes={tag: names for tag, names in CLASSES.items() if tag in tags},
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer",
    )
    return mark_safe(cleaned)  # Cleaned by an allow list just above.  # noqa: S308  # nosec B308 B703


def _storable(text: str) -> str:
    return text[:LONGEST].replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _shift_headings(tokens: Sequence[Token], top: int) -> None:
    """Let the highest heading of the text stand at the given level, and skip no level on the way down."""
    levels = sorted({int(token.tag[1]) for token in tokens if token.type == "heading_open"})
    new = {f"h{level}": f"h{min(top + place, 6)}" for place, level in enumerate(levels)}
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = new[token.tag]


def _mend(tokens: Sequence[Token], assets: Mapping[str, str]) -> None:
    for token in tokens:
        if token.type == "blockquote_open":
            token.attrSet("class", "quote")
        if token.type in ("td_open", "th_open"):
            # The alignment comes as an inline style, which the content policy forbids.
            is_end = "right" in str(token.attrs.pop("style", ""))
            token.attrs = {"class": "end"} if is_end else {}
        if token.children:
            token.children = list(_mended_inline(token.children, assets))


def _mended_inline(tokens: Sequence[Token], assets: Mapping[str, str]) -> Iterator[Token]:
    """Keep own images and usable links; of the others only the words remain."""
    open_links: list[bool] = []
    for token in tokens:
        if token.type == "image":
            yield _own_image(token, assets)
        elif token.type == "link_open":
            href = _usable(str(token.attrs.get("href", "")), assets)
            open_links.append(bool(href))
            if href:
                token.attrs["href"] = href
                yield token
        elif token.type == "link_close":
            if open_links.pop():
                yield token
        else:
            yield token


def _own_image(token: Token, assets: Mapping[str, str]) -> Token:
    address = assets.get(str(token.attrs.get("src", "")))
    if address is None:
        return Token("text", "", 0, content=token.content)
    token.attrs["src"] = address
    token.attrs["loading"] = "lazy"
    return token


def _usable(href: str, assets: Mapping[str, str]) -> str:
    if href in assets:
        return assets[href]
    try:
        return href if urlsplit(href).scheme.lower() in SCHEMES else ""
    except ValueError:
        return ""


def _inline_parts(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline" and token.children:
            yield _parser.renderer.render(list(_mended_inline(token.children, {})), _parser.options, {})
        elif token.type in ("fence", "code_block"):
            yield f"<code>{escape(' '.join(token.content.split()))}</code>"
