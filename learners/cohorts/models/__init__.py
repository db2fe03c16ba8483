"""Cohorts, who runs them, who is in them, and what was adjusted for whom."""

from learners.cohorts.models.cohort import ApiKeyCohort, Cohort, CohortStaff, LiveSession
from learners.cohorts.models.enrollment import Enrollment, EnrollmentAdjustment

__all__ = ["ApiKeyCohort", "Cohort", "CohortStaff", "Enrollment", "EnrollmentAdjustment", "LiveSession"]
