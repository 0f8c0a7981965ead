"""What every form of places is answered with: saved and back to the place, or the form again beside the facts."""

from collections.abc import Callable, Iterable, Mapping

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.requests import UserRequest
from foundation.asking_back import asked_and_saved
from pages.personnel.doubts import of_effect


def answer(
    request: UserRequest,
    form: forms.Form,
    save: Callable[[], str],
    *,
    day: str | None,
    back: str,
    template: str,
    facts: Mapping[str, object],
) -> HttpResponse:
    """`save` stores what was entered and says so; `day` names the field of the day, if any, which is asked back where
    it is improbable; `facts` are what the template shows beside the form."""

    def doubts() -> Iterable[str]:
        return of_effect(form.cleaned_data[day], timezone.localdate()) if day else ()

    said, asking = asked_and_saved(form, doubts, request.POST, save)
    if said:
        messages.success(request, said)
        return redirect(back)
    context = {"form": form, "asking": asking, "back": back, **facts}
    return render(request, template, context, status=400 if form.is_bound else 200)
