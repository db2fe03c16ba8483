"""Cohorts, the people in them and the records of what they did, in the admin."""

from learners.progress.admin.calendars import CalendarPage
from learners.progress.admin.cohorts import CohortPage
from learners.progress.admin.enrollments import EnrollmentPage
from learners.progress.admin.records import AttemptPage, CompletionPage, SignOffPage

__all__ = ["AttemptPage", "CalendarPage", "CohortPage", "CompletionPage", "EnrollmentPage", "SignOffPage"]
