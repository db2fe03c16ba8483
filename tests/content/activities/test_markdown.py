from typing import Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from content.activities.markdown import plain, render, render_inline

ASSETS = {"assets/plan.png": "/assets/1/"}
ALLOWED_SCHEMES = ("http://", "https://", "mailto:", "/assets/")
ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src=https://evil.example></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "![x](https://evil.example/pixel.png)",
    '![x](assets/plan.png "onerror=alert(1)")',
    '[x](https://a.example "\\"onmouseover=alert(1)")',
    "<javascript:alert(1)>",
    "[a]: javascript:alert(1)\n\n[a]",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "| a |\n|---|\n| <script>alert(1)</script> |",
    "> <style>body{display:none}</style>",
    "<!-- --><script>alert(1)</script>",
    "**<b onclick=alert(1)>** [![x](https://evil.example/a.png)](javascript:alert(1))",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<form action=https://evil.example><input name=password></form>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<base href=https://evil.example/>",
    "<object data=javascript:alert(1)></object><embed src=//evil.example>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<a href=java&#10;script:alert(1)>x</a>",
    "[x](<javascript:alert(1)>)",
    "[x](java%0ascript:alert(1))",
    "[x](//evil.example)",
    "[x](\\\\evil.example)",
    "[x](feed:javascript:alert(1))",
    "[x](blob:https://evil.example/1)",
    "[x](file:///etc/passwd)",
    "![x](//evil.example/pixel.png)",
    "![x](assets/../../secret.png)",
    "[x][1]\n\n[1]: data:text/html,<script>alert(1)</script>",
    '<https://evil.example/"onmouseover="alert(1)>',
    "<div style=position:fixed;inset:0>covers all</div>",
    "```html onload=alert(1)\nx\n```",
    "# <img src=x onerror=alert(1)>",
    "1. <script\n   >alert(1)</script\n   >",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "\u202ejavascript:alert(1)",
    "<a href='https://a.example' target=_blank rel=opener>x</a>",
    "{{ 7 * 7 }} {% debug %} ${7*7}",
]


def parsed(html: str) -> Any:
    # Text that begins like an address would be warned of.
    return BeautifulSoup("\n" + html, "html.parser")


def assert_harmless(html):
    page = parsed(html)
    assert page.select("script, style, iframe, svg, object, embed, form, input, link, meta, base") == []
    for tag in page.find_all(True):
        assert not [name for name in tag.attrs if name.startswith("on") or name == "style"]
        if tag.name == "a" and tag.has_attr("href"):
            assert tag["href"].startswith(ALLOWED_SCHEMES)
            assert {"noopener", "noreferrer"} <= set(tag["rel"])
        if tag.name == "img":
            assert tag["src"].startswith("/assets/")


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_becomes_words(attack):
    assert_harmless(render(attack, assets=ASSETS))
    assert_harmless(render_inline(attack))


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from([*ATTACKS, "\n", "> ", "- ", "`", "[", "](", "![", "**", "|", "#", "\ud800", "\x00"]),
        max_size=8,
    )
)
def test_no_mixture_of_attacks_and_broken_marks_gets_through(parts):
    text = "".join(parts)

    assert_harmless(render(text, assets=ASSETS))
    assert_harmless(render_inline(text))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_rendered_without_an_error(text):
    render(text)
    render_inline(text)
    assert "\n" not in plain(text)


def test_what_an_author_needs_is_there():
    html = render(
        "**strong** *em* `code` ~~gone~~\n\n- one\n- two\n\n3. three\n\n> said\n\n---\n\n[out](https://a.example)"
    )

    page = parsed(html)
    for tag in ("strong", "em", "code", "s", "ul", "ol", "blockquote", "hr", "a"):
        assert page.find(tag) is not None, tag
    assert page.ol["start"] == "3"
    assert page.blockquote["class"] == ["quote"]


def test_headings_start_below_the_heading_of_the_page_and_skip_no_level():
    html = render("# One\n\n#### Two\n\n## Three\n\n###### Four")

    tags = [tag.name for tag in parsed(html).find_all(True)]
    assert tags == ["h2", "h4", "h3", "h5"]
    assert parsed(render("## Only", top=3)).h3 is not None
    assert parsed(render("# a\n\n## b\n\n### c", top=5)).find_all("h6")[-1].get_text() == "c"


def test_a_wide_table_scrolls_by_itself_and_can_be_reached_by_keyboard():
    page = parsed(render("| a | b |\n|---|--:|\n| 1 | 2 |"))

    assert page.div["tabindex"] == "0"
    assert page.div["aria-label"]
    assert page.find("th", class_="end").get_text() == "b"
    assert "style" not in str(page)


def test_own_pictures_are_shown_and_others_are_told_in_words():
    html = render(
        "![Our plan](assets/plan.png) ![Their plan](https://other.example/x.png) ![Gone](assets/gone.png)",
        assets=ASSETS,
    )

    page = parsed(html)
    assert [(image["src"], image["alt"]) for image in page.find_all("img")] == [("/assets/1/", "Our plan")]
    assert "Their plan" in page.get_text()
    assert "Gone" in page.get_text()


def test_a_link_to_an_own_file_leads_to_it_and_a_link_to_nowhere_is_words():
    page = parsed(render("[plan](assets/plan.png) and [other](other.md)", assets=ASSETS))

    assert [(link["href"], link.get_text()) for link in page.find_all("a")] == [("/assets/1/", "plan")]
    assert "other" in page.get_text()


def test_a_text_in_a_label_has_no_links_pictures_or_blocks():
    html = render_inline("Ask *what* for\n\n- [now](https://a.example)\n\n![plan](assets/plan.png)")

    assert html == "Ask <em>what</em> for now plan"


def test_plain_gives_words_and_not_html():
    assert plain("# Title\n\nFish & *chips* < [tea](https://a.example)") == "Title Fish & chips < tea"


def test_a_very_long_text_is_cut_and_not_refused():
    assert len(render("a " * 300_000)) < 250_000
