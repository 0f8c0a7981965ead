"""`check --deploy`: what a try-out may do and an installation with real people's data may not."""

from collections.abc import Sequence
from typing import Any

from django import db
from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, register

from foundation.outages import DatabaseNotReady, DatabaseUnreachable, not_ready


@register(deploy=True)
def database_is_postgresql(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    if "postgresql" in settings.DATABASES["default"]["ENGINE"]:
        return []
    return [
        Error(
            "正式使用须用 PostgreSQL,现在是 SQLite:金额的保证只在 PostgreSQL 上成立。",
            hint="设置环境变量 DATABASE_URL=postgresql://用户:密码@主机/库名。",
            id="config.E001",
        )
    ]


@register(deploy=True)
def key_file_is_outside(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    if not settings.KEY_FILE.resolve().is_relative_to(settings.BASE_DIR.resolve()):
        return []
    return [
        Error(
            "密钥文件在程序目录里,会随程序一起被复制。",
            hint="把密钥文件移到程序目录以外(权限 600),用环境变量 KEY_FILE 写明位置,并另行备份。",
            id="config.E002",
        )
    ]


@register(deploy=True)
def https_is_on(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    if settings.HTTPS:
        return []
    return [
        Error(
            "没有启用 HTTPS:密码和个人信息会明文经过网络。",
            hint="设置环境变量 HTTPS=1;前面有反向代理时再设 BEHIND_PROXY=1。",
            id="config.E003",
        )
    ]


@register(deploy=True)
def debug_is_off(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    if not settings.DEBUG:
        return []
    return [Error("调试开关是开的,出错页面会显示内部信息。", hint="去掉环境变量 DEBUG。", id="config.E004")]


@register(deploy=True)
def database_is_that_of_program_and_keys(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """Its migrations are the program's, its data was made with our keys; nothing is said of one that is away."""
    # Models can be imported only once Django is set up.
    from config.database_keys import KeyAgreement, KeysDiffer, agreement_of_keys
    from foundation.schema import demand_program_schema

    try:
        demand_program_schema()
        if agreement_of_keys() is KeyAgreement.OTHER:
            raise KeysDiffer
    except (DatabaseNotReady, db.Error) as error:
        trouble = not_ready(error)
        if trouble is None:
            raise
        if isinstance(trouble, DatabaseUnreachable):
            return [Info("连不上数据库,没有核对库表的版本和密钥。", hint=trouble.operator, id="config.I001")]
        return [Error(trouble.operator, hint="见安装运行手册第 8 节。", id="config.E005")]
    return []


@register(deploy=True)
def seal_file_can_be_written(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    from accounts.chain import seal_file_is_writable

    if seal_file_is_writable():
        return []
    return [
        Error(
            "数据库外的封存记录文件写不进,不能审批。",
            hint="用环境变量 SEAL_FILE 写明一个程序能写的位置,检查文件和目录的权限。",
            id="config.E006",
        )
    ]
