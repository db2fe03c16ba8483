"""What learners write for themselves: reflections and commitments."""

from learners.reflections.models.commitment import CheckIn, Commitment
from learners.reflections.models.reflection import Reflection

__all__ = ["CheckIn", "Commitment", "Reflection"]
