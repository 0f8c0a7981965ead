"""Routes of personnel: a page for each verb, below the number of what it is done with."""

from django.urls import path

from pages.personnel.verbs import VERBS
from pages.personnel.views import verb_page

# What the pages of several are called where an s does not do.
_SEVERAL = {"person": "people"}

urlpatterns = [
    path(
        f"{_SEVERAL.get(verb.subject_name, f'{verb.subject_name}s')}/<int:pk>/{verb.address}",
        verb_page(verb),
        name=verb.name,
    )
    for verb in VERBS
]
