"""What managers, facilitators and their tools read."""

from learners.board.queries.cohorts import list_cohorts, may_change
from learners.board.queries.learners import LearnerRow, learner_rows, list_learners
from learners.board.queries.progress import CohortProgress, cohort_progress
from learners.board.queries.reach import PersonToReach, people_to_reach

__all__ = [
    "CohortProgress",
    "LearnerRow",
    "PersonToReach",
    "cohort_progress",
    "learner_rows",
    "list_cohorts",
    "list_learners",
    "may_change",
    "people_to_reach",
]
