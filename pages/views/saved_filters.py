"""Saving the filter of a list under a name, and deleting one; own ones only."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.idempotency import idempotent
from accounts.models import SavedFilter
from accounts.permissions import demand, for_anyone_logged_in
from accounts.requests import UserRequest
from accounts.saved_filters import MOST, TooManyFiltersError
from accounts.saved_filters import delete_filter as delete
from accounts.saved_filters import save_filter as save
from foundation.http import http_methods
from pages.forms.saved_filters import SavedFilterForm
from pages.saved_lists import PEOPLE, SAVED_LISTS

_TOO_MANY = f"一张表最多存 {MOST} 个常用筛选;请先删除不用的,或用已有的名称覆盖。"


@for_anyone_logged_in
@http_methods("POST")
@idempotent
def save_filter(request: UserRequest) -> HttpResponse:
    form = SavedFilterForm(request.POST)
    is_valid = form.is_valid()
    listed = SAVED_LISTS[form.cleaned_data.get("list", PEOPLE)]
    demand(request.user, listed.permission)
    if is_valid:
        given = form.cleaned_data
        try:
            saved = save(actor=request.user, list_name=given["list"], name=given["name"], query=given["query"])
        except TooManyFiltersError:
            form.add_error(None, _TOO_MANY)
        else:
            messages.success(request, f"已保存常用筛选“{saved}”。")
            return redirect(f"{listed.path}?{saved.query}")
    context = {"form": form, "listed": listed, "back": listed.path}
    return render(request, "pages/saved_filter_again.html", context, status=400)


@for_anyone_logged_in
@http_methods("POST")
@idempotent
def delete_filter(request: UserRequest, pk: int) -> HttpResponse:
    saved = get_object_or_404(SavedFilter, pk=pk, user=request.user)
    delete(actor=request.user, saved=saved)
    messages.success(request, f"已删除常用筛选“{saved}”。")
    return redirect(SAVED_LISTS[saved.list_name].path)
