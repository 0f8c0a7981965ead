"""init_keys: the key file of a new installation."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.content import Unknown, holds_data
from foundation import keyring


class Command(BaseCommand):
    help = "为新装的系统生成密钥文件(KEY_FILE)。已有密钥文件,或数据库里已有数据时不生成。"
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:  # Django's signature
        file = settings.KEY_FILE
        try:
            if holds_data(settings.DATABASES["default"]):
                raise CommandError("数据库里已有数据,不能换新的密钥:请从备份取回原来的密钥文件。")
        except Unknown:
            # Not made yet, perhaps. Where it holds data after all, these keys are refused when the server starts.
            self.stderr.write("连不上数据库,没有核对里面有没有数据。")
        try:
            keyring.create(file, settings.KEYS)
        except FileExistsError as error:
            raise CommandError(f"已有密钥文件 {file.name},没有改动。") from error
        except OSError as error:
            raise CommandError(f"密钥文件 {file.name} 写不进:请检查目录的权限和磁盘空间。") from error
        self.stdout.write(f"已生成密钥文件 {file.name}。请马上备份到另一处:没有它,库里的身份证号再也读不出来。")
