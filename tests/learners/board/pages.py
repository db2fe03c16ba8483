"""Looking at pages as the people of the world do."""

from typing import Any

from bs4 import BeautifulSoup
from django.test import Client

from config.accounts.models import User
from learners.cohorts.models import Cohort, Enrollment


def browser_of(user: User) -> Client:
    """Return a client with this person's session."""
    client = Client()
    client.force_login(user)
    return client


def board_url(cohort: Cohort, rest: str = "") -> str:
    return f"/cohorts/{cohort.uuid}/{rest}"


def person_url(enrollment: Enrollment, act: str = "") -> str:
    return board_url(enrollment.cohort, f"people/{enrollment.uuid}/{f'{act}/' if act else ''}")


def session_url(cohort: Cohort, rest: str = "") -> str:
    return board_url(cohort, f"sessions/meet/{rest}")


def page(client: Client, url: str, *, status: int = 200) -> Any:
    """Return a page that answers with this status."""
    response = client.get(url)
    assert response.status_code == status, response.status_code
    return soup_of(response)


def soup_of(response: Any) -> Any:
    return BeautifulSoup(response.content, "html.parser")


def text_of(part: Any) -> str:
    """Return the words of a part with single spaces."""
    return " ".join(part.get_text(" ").split())


def section(soup: Any, name: str) -> Any:
    """Return the section with this heading."""
    return soup.find(attrs={"aria-labelledby": name})


def grid(soup: Any) -> list[list[str]]:
    """Return the words of the grid, a list a row."""
    return [[text_of(cell) for cell in row.find_all(["th", "td"])] for row in soup.select(".people tbody tr")]


def csv_of(client: Client, url: str) -> str:
    """Return the text of a file that is handed out piece by piece."""
    response: Any = client.get(url)
    assert response.status_code == 200, response.status_code
    return b"".join(response.streaming_content).decode()
