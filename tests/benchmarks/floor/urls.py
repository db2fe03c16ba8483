"""The product's addresses and those of the floor."""

from django.urls import path

from config.urls import urlpatterns as of_the_product
from tests.benchmarks.floor.views import CreateMark, Nothing, bare_page

urlpatterns = [
    path("floor/marks/", CreateMark.as_view()),
    path("floor/nothing/", Nothing.as_view()),
    path("floor/page/", bare_page),
    *of_the_product,
]
