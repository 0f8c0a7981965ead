"""Routes of personnel: a page for each verb, below the number of what it is done with."""

from django.urls import path

from staffing.verbs import VERBS
from staffing.views import verb_page

urlpatterns = [
    path(f"{verb.subject_name}s/<int:pk>/{verb.address}", verb_page(verb), name=verb.name) for verb in VERBS
]
