"""`check --deploy`: what a try-out may do and an installation with real people's data may not."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


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
