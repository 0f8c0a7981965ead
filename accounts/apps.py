"""Accounts as a Django app: users, permissions, audit."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "用户与日志"
