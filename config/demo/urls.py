"""Addresses of the demo."""

from django.urls import path

from config.demo import views

urlpatterns = [
    path("sign-in/", views.demo_sign_in, name="demo-sign-in"),
    path("mail/", views.mail_list, name="demo-mail"),
    path("mail/<slug:mail_id>/", views.mail_detail, name="demo-mail-detail"),
    path("mail/<slug:mail_id>/html/", views.mail_html, name="demo-mail-html"),
]
