"""Invented people. Any likeness is chance; nobody here exists."""

from dataclasses import dataclass
from typing import Literal

Pace = Literal["on-time", "late", "slow", "stopped", "never-started", "paused"]


@dataclass(frozen=True, slots=True)
class Person:
    """
    One invented learner. share: the part of the steps that they do at all once open; pace: when they do them.
    """

    name: str
    email: str
    zone: str
    pace: Pace
    shares: bool = False


PARIS, NEW_YORK, TOKYO, RIYADH, SAO_PAULO = (
    "Europe/Paris",
    "America/New_York",
    "Asia/Tokyo",
    "Asia/Riyadh",
    "America/Sao_Paulo",
)

# The first is the demo learner; the pace of the others spreads them over the journey.
JUDGMENT = (
    Person("Lena Fischer", "learner@example.com", PARIS, "late", shares=True),
    Person("Aiko Tanaka", "aiko.tanaka@example.com", TOKYO, "on-time", shares=True),
    Person("Haruto Mori", "haruto.mori@example.com", TOKYO, "on-time"),
    Person("Yui Nakamura", "yui.nakamura@example.com", TOKYO, "late"),
    Person("Ren Sato", "ren.sato@example.com", TOKYO, "slow"),
    Person("Amal Darwish", "amal.darwish@example.com", RIYADH, "on-time", shares=True),
    Person("Faisal Otaibi", "faisal.otaibi@example.com", RIYADH, "late"),
    Person("Noura Qasim", "noura.qasim@example.com", RIYADH, "slow"),
    Person("Tariq Mansour", "tariq.mansour@example.com", RIYADH, "stopped"),
    Person("Camille Roux", "camille.roux@example.com", PARIS, "on-time"),
    Person("Hugo Lambert", "hugo.lambert@example.com", PARIS, "late"),
    Person("Inès Moreau", "ines.moreau@example.com", PARIS, "slow"),
    Person("Mateusz Wójcik", "mateusz.wojcik@example.com", PARIS, "stopped"),
    Person("Signe Dahl", "signe.dahl@example.com", PARIS, "paused"),
    Person("Grace Okafor", "grace.okafor@example.com", NEW_YORK, "on-time", shares=True),
    Person("Jordan Blake", "jordan.blake@example.com", NEW_YORK, "late"),
    Person("Maya Rivera", "maya.rivera@example.com", NEW_YORK, "late"),
    Person("Sam O’Neill", "sam.oneill@example.com", NEW_YORK, "slow"),
    Person("Priya Raman", "priya.raman@example.com", NEW_YORK, "never-started"),
    Person("Beatriz Lima", "beatriz.lima@example.com", SAO_PAULO, "on-time"),
    Person("Caio Duarte", "caio.duarte@example.com", SAO_PAULO, "late"),
    Person("Rafael Nunes", "rafael.nunes@example.com", SAO_PAULO, "slow"),
    Person("Luana Prado", "luana.prado@example.com", SAO_PAULO, "stopped"),
    Person("Otávio Reis", "otavio.reis@example.com", SAO_PAULO, "never-started"),
)

# Two zones are enough for the group that has finished.
FEEDBACK = (
    Person("Camille Roux", "camille.roux@example.com", PARIS, "on-time", shares=True),
    Person("Hugo Lambert", "hugo.lambert@example.com", PARIS, "on-time"),
    Person("Inès Moreau", "ines.moreau@example.com", PARIS, "late"),
    Person("Beatriz Lima", "beatriz.lima@example.com", SAO_PAULO, "on-time", shares=True),
    Person("Elif Kaya", "elif.kaya@example.com", PARIS, "late"),
    Person("Daniel Weiss", "daniel.weiss@example.com", PARIS, "stopped"),
)
