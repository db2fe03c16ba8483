"""Addresses of those who run a cohort."""

from django.urls import path

from learners.board.views import cohorts, people, sessions

COHORT = "cohorts/<uuid:cohort>/"
SESSION = f"{COHORT}sessions/<slug:step_key>/"
PERSON = f"{COHORT}people/<uuid:enrollment>/"

urlpatterns = [
    path("cohorts/", cohorts.index, name="cohorts"),
    path(COHORT, cohorts.board, name="cohort-board"),
    path(f"{COHORT}people.csv", cohorts.people_csv, name="cohort-people-csv"),
    path(f"{COHORT}open/", sessions.open_for_everybody, name="cohort-open"),
    path(SESSION, sessions.session, name="cohort-session"),
    path(f"{SESSION}attendance/", sessions.attendance, name="cohort-attendance"),
    path(PERSON, people.person, name="cohort-person"),
    path(f"{PERSON}<slug:act>/", people.change, name="cohort-change"),
]
