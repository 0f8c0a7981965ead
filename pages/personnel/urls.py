"""Routes of personnel: a page for each verb, below the number of what it is done with; verbs of many; proposals."""

from collections.abc import Iterator

from django.urls import URLPattern, path

from pages.personnel import person_views, proposal_views, round_views
from pages.personnel.appointing import appoint
from pages.personnel.many import election_views
from pages.personnel.many.verbs import MANY
from pages.personnel.many.views import many_page
from pages.personnel.qualification_verbs import QUALIFICATION_VERBS
from pages.personnel.verbs import VERBS
from pages.personnel.views import verb_page

# What the pages of several are called where an s does not do.
_SEVERAL = {"person": "people"}


def _of_rows() -> Iterator[URLPattern]:
    for verb in (*VERBS, *QUALIFICATION_VERBS):
        several = _SEVERAL.get(verb.subject_name, f"{verb.subject_name}s")
        yield path(f"{several}/<int:pk>/{verb.address}", verb_page(verb), name=verb.name)


urlpatterns = [
    path("people/<int:pk>/correct/", person_views.correct, name="correct_person"),
    path("people/<int:pk>/merge/", person_views.find_other_record, name="find_other_record"),
    path("people/<int:pk>/merge/<int:into>/", person_views.merge, name="merge_people"),
    path("people/<int:pk>/unmerge/", person_views.unmerge, name="unmerge_person"),
    path("recruitment/", round_views.rounds, name="rounds"),
    path("recruitment/new/", round_views.new_round, name="open_round"),
    path("recruitment/<int:pk>/", round_views.one_round, name="round"),
    path("recruitment/<int:pk>/mend/", round_views.mend_round, name="mend_round"),
    path("recruitment/<int:pk>/withdraw/", round_views.withdraw, name="withdraw_round"),
    path("proposals/", proposal_views.proposals, name="proposals"),
    path("proposals/<int:pk>/", proposal_views.proposal, name="proposal"),
    path("proposals/<int:pk>/accept/", proposal_views.accept, name="accept_proposal"),
    path("proposals/<int:pk>/refuse/", proposal_views.refuse, name="refuse_proposal"),
    path("people/appoint/", appoint, name="appoint"),
    path("people/election/<slug:code>/", election_views.election, name="election"),
    path("people/election/<slug:code>/hold/", election_views.hold, name="hold_election"),
    path("people/election/<slug:code>/drop/", election_views.drop, name="drop_election"),
    *(path(f"people/many/{verb.address}", many_page(verb), name=verb.name) for verb in MANY),
    *_of_rows(),
]
