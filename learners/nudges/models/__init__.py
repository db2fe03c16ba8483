"""Armed moments, planned messages and their fate, and the one row that says who drives."""

from learners.nudges.models.contact import ContactBudget, Suppression
from learners.nudges.models.delivery import Channel, DeliveryEvent, DeliveryEventKind, DeliveryState, NudgeDelivery
from learners.nudges.models.engine import EngineState
from learners.nudges.models.timer import NudgeTimer, Purpose

__all__ = [
    "Channel",
    "ContactBudget",
    "DeliveryEvent",
    "DeliveryEventKind",
    "DeliveryState",
    "EngineState",
    "NudgeDelivery",
    "NudgeTimer",
    "Purpose",
    "Suppression",
]
