"""Addresses of the manager API, below /api/v1/."""

from django.urls import path

from learners.board.api.cohorts import CohortDetail, CohortList
from learners.board.api.enrollments import BulkEnrollment, EnrollmentDetail, EnrollmentList, Schedule
from learners.board.api.learners import LearnerList
from learners.board.api.progress import Progress
from learners.board.api.reach import PeopleToReach
from learners.board.api.streams import LearnersCsv, LearnersNdjson

urlpatterns = [
    path("cohorts/", CohortList.as_view(), name="api-cohorts"),
    path("cohorts/<uuid:cohort>/", CohortDetail.as_view(), name="api-cohort"),
    path("cohorts/<uuid:cohort>/progress/", Progress.as_view(), name="api-cohort-progress"),
    path("cohorts/<uuid:cohort>/learners/", LearnerList.as_view(), name="api-cohort-learners"),
    path("cohorts/<uuid:cohort>/learners.csv", LearnersCsv.as_view(), name="api-cohort-learners-csv"),
    path("cohorts/<uuid:cohort>/learners.ndjson", LearnersNdjson.as_view(), name="api-cohort-learners-ndjson"),
    path("cohorts/<uuid:cohort>/enrollments/", BulkEnrollment.as_view(), name="api-cohort-enrollments"),
    path("enrollments/", EnrollmentList.as_view(), name="api-enrollments"),
    path("enrollments/<uuid:enrollment>/", EnrollmentDetail.as_view(), name="api-enrollment"),
    path("enrollments/<uuid:enrollment>/schedule/", Schedule.as_view(), name="api-enrollment-schedule"),
    path("people-to-reach/", PeopleToReach.as_view(), name="api-people-to-reach"),
]
