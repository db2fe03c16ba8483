"""Reading the summary of faults of a page: it leads to each fault, in the order in which they stand."""

from bs4 import BeautifulSoup


def led_to(html: bytes) -> list[str]:
    """Return the ids that the links of the page's summary lead to. Fails for a link that leads nowhere."""
    page = BeautifulSoup(html, "html.parser")
    links = [str(link["href"])[1:] for link in page.select(".note.clay[tabindex] a[href^='#']")]
    assert [one for one in links if page.find(id=one) is None] == [], "These lead nowhere."
    return links


def in_order_of_page(html: bytes) -> list[str]:
    """Return the same ids in the order in which they stand on the page."""
    page = BeautifulSoup(html, "html.parser")
    places = {str(one["id"]): place for place, one in reversed(list(enumerate(page.select("[id]"))))}
    return sorted(led_to(html), key=lambda one: places[one])
