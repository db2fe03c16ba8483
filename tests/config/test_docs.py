"""What the pages for people tell them to type can be typed as it stands."""

import re

import pytest

from tests.loopback import ROOT

PAGES = ("README.md", "docs/administrators.md", "docs/managers.md", "docs/api.md")


@pytest.mark.parametrize("page", PAGES)
def test_commands_name_the_python_that_make_run_built(page):
    text = (ROOT / page).read_text()

    assert text.count("manage.py ") == text.count(".venv/bin/python manage.py ")


@pytest.mark.parametrize("page", PAGES)
def test_links_between_pages_lead_somewhere(page):
    folder = (ROOT / page).parent

    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", (ROOT / page).read_text()):
        assert (folder / target).exists(), target


@pytest.mark.parametrize("page", PAGES)
def test_addresses_follow_the_port(page):
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / page).read_text(), re.DOTALL)

    lines = [line for block in blocks for line in block.splitlines()]

    assert not [line for line in lines if "curl" in line and "127.0.0.1:8000" in line]
    assert not [line for line in lines if line.startswith("API=") and "PORT" not in line]


@pytest.mark.parametrize("page", ["README.md", "docs/operations.md"])
def test_the_page_for_administrators_is_found(page):
    assert "administrators.md)" in (ROOT / page).read_text()
