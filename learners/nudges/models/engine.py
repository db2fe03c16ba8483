"""The one row that says who drives the engine and whether it may."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.support.personal_data import signed


class EngineState(models.Model):
    """
    One row (id 1) an installation: the lease of the loops, the last tick, the pause switch.

    lease_holder and lease_until elect one engine for arm, plan, fire and reap; dispatch needs no election. last_tick_at
    is by the database's clock. epoch is compared with the setting DEPLOYMENT_EPOCH: after a restore from a backup the
    operator changes the setting, and the engine stands still until somebody looks and resumes. No personal data but the
    name of who paused.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    lease_holder = models.CharField(_("held by"), max_length=100, blank=True)
    lease_until = models.DateTimeField(_("held until"), null=True)
    last_tick_at = models.DateTimeField(_("last tick"), null=True)
    lag_seconds = models.PositiveIntegerField(_("lag in seconds"), default=0)
    epoch = models.CharField(_("deployment epoch"), max_length=64, blank=True)
    is_paused = models.BooleanField(_("paused"), default=False)
    pause_reason = models.CharField(_("why paused"), max_length=200, blank=True)
    paused_at = models.DateTimeField(_("paused since"), null=True)
    paused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("paused by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    last_fault = models.CharField(_("last fault"), max_length=400, blank=True)
    last_fault_at = models.DateTimeField(null=True)

    PERSONAL_DATA = signed("paused_by")

    class Meta:
        verbose_name = _("nudge engine")
        verbose_name_plural = _("nudge engine")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="engine_state_is_one_row")]

    def __str__(self) -> str:
        return "Nudge engine"
