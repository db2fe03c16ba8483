"""The manager API: cohorts, their progress, their learners, and whom to reach."""
