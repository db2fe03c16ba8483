"""Addresses of the studio, below /admin/studio/."""

from django.urls import path

from journeys.studio.views import (
    behaviors,
    copies,
    expectations,
    history,
    imports,
    journeys,
    library,
    modules,
    nudges,
    outline,
    preview,
    several,
    simulate,
    steps,
)

urlpatterns = [
    path("", journeys.journey_list, name="studio-journeys"),
    path("new/", journeys.journey_new, name="studio-new"),
    path("copy/", copies.journey_copy, name="studio-copy"),
    path("import/", imports.bundle_import, name="studio-import"),
    path("import/<uuid:upload_uuid>/", imports.bundle_import_check, name="studio-import-check"),
    path("schemas.zip", imports.bundle_schemas, name="studio-schemas"),
    path("<uuid:version_uuid>/bundle.zip", imports.bundle_download, name="studio-bundle"),
    path("<uuid:version_uuid>/", outline.version_detail, name="studio-version"),
    path("<uuid:version_uuid>/about/", journeys.version_about, name="studio-about"),
    path("<uuid:version_uuid>/behaviors/", behaviors.behaviors, name="studio-behaviors"),
    path("<uuid:version_uuid>/behaviors/new/", behaviors.behavior_new, name="studio-behavior-new"),
    path("<uuid:version_uuid>/expectations/", expectations.version_expectations, name="studio-expectations"),
    path("<uuid:version_uuid>/acts/", outline.outline_act, name="studio-act"),
    path("<uuid:version_uuid>/several/", several.version_several, name="studio-several"),
    path("<uuid:version_uuid>/history/", history.version_history, name="studio-history"),
    path("<uuid:version_uuid>/history/restore/", history.version_restore, name="studio-restore"),
    path("<uuid:version_uuid>/undo/", history.version_undo, name="studio-undo"),
    path("<uuid:version_uuid>/draft/", journeys.version_draft, name="studio-draft"),
    path("<uuid:version_uuid>/discard/", journeys.version_discard, name="studio-discard"),
    path("<uuid:version_uuid>/publish/", outline.version_publish, name="studio-publish"),
    path("<uuid:version_uuid>/simulate/", simulate.version_simulate, name="studio-simulate"),
    path("<uuid:version_uuid>/simulate.csv", simulate.simulate_csv, name="studio-simulate-csv"),
    path("<uuid:version_uuid>/modules/", modules.module_edit, name="studio-module-new"),
    path("<uuid:version_uuid>/modules/<slug:key>/", modules.module_edit, name="studio-module"),
    path("<uuid:version_uuid>/modules/<slug:module_key>/steps/", steps.step_new, name="studio-step-new"),
    path(
        "<uuid:version_uuid>/modules/<slug:module_key>/library/", library.step_from_library, name="studio-step-library"
    ),
    path("<uuid:version_uuid>/steps/<slug:key>/", steps.step_edit, name="studio-step"),
    path("<uuid:version_uuid>/steps/<slug:key>/preview/", preview.step_preview, name="studio-preview"),
    path("<uuid:version_uuid>/nudges/", nudges.nudge_edit, name="studio-nudge-new"),
    path("<uuid:version_uuid>/nudges/<slug:key>/", nudges.nudge_edit, name="studio-nudge"),
]
