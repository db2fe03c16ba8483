"""The learners app."""

from django.apps import AppConfig

from config.accounts.admin_door import let_in
from config.accounts.keys import register_cohort_limits
from config.accounts.zones import moved_by
from journeys.studio.onward import leads_on


class LearnersConfig(AppConfig):
    """Who did what, when, and what we told them."""

    name = "learners"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register_cohort_limits(
            mark="learners.cohorts.queries.mark_limited_keys", read="learners.cohorts.queries.cohort_ids_of_key"
        )
        let_in("learners.cohorts.queries.runs_a_cohort")
        moved_by("learners.progress.actions.change_time_zone")
        leads_on(live="rollout-plan", log="rollout-log", as_learner="preview-as-learner")
