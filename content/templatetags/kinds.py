"""What the kinds' templates need: Markdown, own files by their path, and what a kind has to show."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from content.activities import markdown as rendering
from content.kinds.registry import get_kind

register = template.Library()


@register.simple_tag(takes_context=True)
def markdown(context: Context, text: str | None, top: int = 3) -> SafeString:
    """Return Markdown as safe HTML, with the page's `asset_urls` for its images; top is its highest heading level."""
    return rendering.render(text or "", assets=context.get("asset_urls"), top=top)


@register.filter
def markdown_inline(text: str | None) -> SafeString:
    """Return a short Markdown text as safe HTML that may stand inside a label."""
    return rendering.render_inline(text or "")


@register.filter
def at(mapping: Mapping[str, Any] | None, key: str) -> Any:
    """Return the value under a key, or nothing."""
    return (mapping or {}).get(key, "")


@register.simple_tag(takes_context=True)
def present(context: Context, kind_key: str) -> Any:
    """Return what a kind shows of the page's `spec`, `response` and `form`, ready to loop over."""
    return get_kind(kind_key).present(context["spec"], context.get("response"), context.get("form"))
