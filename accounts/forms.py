"""The form of the login page."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError


class LoginForm(AuthenticationForm):
    """Username and password. Wrong ones and a closed account get the same sentence."""

    username = forms.CharField(
        label="用户名",
        max_length=60,
        widget=forms.TextInput({"autofocus": True, "autocomplete": "username", "autocapitalize": "none"}),
        error_messages={"required": "请填写用户名。", "max_length": "用户名最多 60 个字。"},
    )
    password = forms.CharField(
        label="密码",
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
        error_messages={"required": "请填写密码。"},
    )

    def get_invalid_login_error(self) -> ValidationError:
        return ValidationError("用户名或密码不对,或账号已停用。忘记密码请联系系统管理员。", code="invalid_login")
