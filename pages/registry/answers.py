"""What every form of places is answered with: saved and back to the place, or the form again beside the facts."""

from collections.abc import Callable, Mapping

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.requests import UserRequest
from foundation.asking_back import AskingBack, asking_back
from pages.personnel.doubts import of_effect


def answer(
    request: UserRequest,
    form: forms.Form,
    save: Callable[[], str],
    *,
    day: str,
    back: str,
    template: str,
    facts: Mapping[str, object],
) -> HttpResponse:
    """`save` stores what was entered and says so; `day` names the field of the day, which is asked back where it is
    improbable; `facts` are what the template shows beside the form."""
    asking = AskingBack()
    if form.is_bound and form.is_valid():
        asking = asking_back(of_effect(form.cleaned_data[day], timezone.localdate()), request.POST)
        if not asking.is_needed:
            try:
                said = save()
            except ValidationError as error:
                for message in error.messages:
                    form.add_error(None, message)
            else:
                messages.success(request, said)
                return redirect(back)
    context = {"form": form, "asking": asking, "back": back, **facts}
    return render(request, template, context, status=400 if form.is_bound else 200)
