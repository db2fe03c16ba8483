"""One table for the bare insert."""

from django.db import models


class Mark(models.Model):
    """One row as a create view writes it."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(unique=True)
    enrollment_uuid = models.UUIDField(db_index=True)
    step_key = models.SlugField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        app_label = "floor"

    def __str__(self) -> str:
        return self.step_key
