"""Addresses under which people reach their own data."""

from django.urls import path

from config.personal_data import views

urlpatterns = [
    path("privacy/export/", views.export, name="privacy-export"),
    path("privacy/erase/", views.erase, name="erase-me"),
    path("privacy/erase/code/", views.code, name="erase-me-code"),
]
