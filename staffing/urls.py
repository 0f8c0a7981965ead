"""Routes of personnel."""

from django.urls import path

from staffing import views

urlpatterns = [
    path("postings/<int:pk>/dates/", views.posting_dates, name="posting_dates"),
    path("postings/<int:pk>/contract/", views.posting_contract, name="posting_contract"),
    path("postings/<int:pk>/suspend/", views.suspend_posting, name="suspend_posting"),
    path("postings/<int:pk>/wage/", views.posting_wage, name="posting_wage"),
    path("postings/<int:pk>/withdraw/", views.withdraw_posting, name="withdraw_posting"),
    path("contracts/<int:pk>/", views.correct_contract, name="correct_contract"),
    path("suspensions/<int:pk>/", views.correct_suspension, name="correct_suspension"),
    path("suspensions/<int:pk>/withdraw/", views.withdraw_suspension, name="withdraw_suspension"),
]
