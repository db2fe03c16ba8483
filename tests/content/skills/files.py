"""Small files of invented frameworks, in the forms that real ones come in."""

import json
from typing import Any

HEADINGS = (
    "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,hiddenLabels,status,modifiedDate,scopeNote,"
    "definition,inScheme,description"
)
BASE = "https://skills.example/"
ROWS = (
    f"KnowledgeSkillCompetence,{BASE}listen,skill/competence,transversal,listen closely,"
    '"hear somebody out\nlisten well",,'
    "released,2027-01-04T09:00:00Z,,,https://skills.example/scheme,Says back what was said.",
    f"KnowledgeSkillCompetence,{BASE}ask,skill/competence,cross-sector,ask openly,,,released,,,,,Asks what and how.",
    f"KnowledgeSkillCompetence,{BASE}knots,knowledge,sector-specific,knots,,,released,,,,,",
)
TEXTS = {
    "title": "Harbor skills",
    "version": "1.0",
    "source_uri": "https://skills.example/harbor",
    "license": "CC-BY-4.0",
}


def esco(*rows: str, headings: str = HEADINGS) -> bytes:
    """Return a CSV file; without rows, one of three skills."""
    return "\r\n".join([headings, *(rows or ROWS), ""]).encode()


def _node(name: str, title: str = "") -> dict[str, str]:
    return {"identifier": f"id-{name}", "uri": f"{BASE}{name}", "title": title}


def item(name: str, statement: str, **more: Any) -> dict[str, Any]:
    """Return a CFItem."""
    return {"identifier": f"id-{name}", "uri": f"{BASE}{name}", "fullStatement": statement, **more}


def link(origin: str, kind: str, goal: str, number: int = 1) -> dict[str, Any]:
    """Return a CFAssociation."""
    return {
        **_node(f"{origin}-{goal}"),
        "associationType": kind,
        "sequenceNumber": number,
        "originNodeURI": _node(origin),
        "destinationNodeURI": _node(goal, "Elsewhere"),
    }


def case(**changes: Any) -> bytes:
    """Return a CASE package of four items in a tree; None leaves a part out."""
    package = {
        "CFDocument": {
            **_node("document", TEXTS["title"]),
            "creator": "Harbor school",
            "version": "2.1",
            "caseVersion": "1.1",
            "licenseURI": {"identifier": "l", "uri": "https://skills.example/by", "title": "CC-BY-4.0"},
        },
        "CFItems": [
            item("hear", "Says back what was said, in own words", abbreviatedStatement="Saying back"),
            item("talk", "Talking with people", CFItemType="Group"),
            item("tie", "Ties a bowline", notes="Behind the back.", alternativeLabel="knots"),
            item("ask", "Asks what and how"),
        ],
        "CFAssociations": [
            link("tie", "isChildOf", "document", 2),
            link("talk", "isChildOf", "document", 1),
            link("hear", "isChildOf", "talk", 2),
            link("ask", "isChildOf", "talk", 1),
            link("ask", "exactMatchOf", "elsewhere"),
            link("ask", "precedes", "hear"),
        ],
    } | changes
    return json.dumps({name: part for name, part in package.items() if part is not None}).encode()
