"""What a request asks for, read strictly: text that can be stored, whole numbers, the page of ours to go back to.

What is turned down here no form and no link of ours sends. It is said in one way: UnreadableInput, which is answered
400 with its sentence, on pages and by the API.
"""

import codecs
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, QueryDict, UnreadablePostError

LAST_ID = 2**63 - 1
_UNSTORABLE = "请求里有无法保存的字符(空字符或半个字),没有办理。请返回上一页,删去这处内容,重新输入后再提交。"
_ENCODING = "请求的文字不是 UTF-8 编码,没有办理。请换用系统页面提交,或改用 UTF-8 编码。"
_BROKEN_OFF = "网络中断,内容没有收全,没有办理。请返回上一页,重新提交。"
_NEXT = "地址里的 next 不是本系统的页面,没有办理。请回到首页,从菜单重新打开要办的页面。"


class UnreadableInput(BadRequest):
    """Input that no form sends; the message is a Chinese sentence without what was sent: what is wrong, what to do."""


def demand_storable(request: HttpRequest) -> None:
    """Raises UnreadableInput for a parameter or header that no database takes, and for any text but UTF-8.

    A body of JSON is not looked at: its parser does so.
    """
    if codecs.lookup(request.encoding or "utf-8").name != "utf-8":
        raise UnreadableInput(_ENCODING)
    headers = (value for name, value in request.META.items() if name.startswith("HTTP_"))
    try:
        asked = [*request.GET.lists(), *request.POST.lists()]
    except UnreadablePostError as error:
        raise UnreadableInput(_BROKEN_OFF) from error
    fields = (text for name, texts in asked for text in (name, *texts))
    if not all(is_storable(text) for texts in (headers, fields) for text in texts):
        raise UnreadableInput(_UNSTORABLE)


def is_storable(text: object) -> bool:
    """Whether a database takes the text: no null character, no half of a surrogate pair. A file is no text."""
    if not isinstance(text, str):
        return True
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


def is_storable_json(value: Any) -> bool:  # whatever JSON holds
    """Whether a database takes every text of it, names of keys too."""
    if isinstance(value, dict):
        return all(is_storable(name) and is_storable_json(inner) for name, inner in value.items())
    return all(map(is_storable_json, value)) if isinstance(value, list) else is_storable(value)


def whole_number(fields: QueryDict, name: str, *, most: int = LAST_ID) -> int | None:
    """The number from 0 to `most` that was sent; None where it is missing or blank."""
    text = fields.get(name, "").strip()
    return number_of(text, name, most=most) if text else None


def whole_numbers(fields: QueryDict, name: str) -> set[int]:
    """All the ids that were sent under the name."""
    return {number_of(text, name) for text in fields.getlist(name)}


def number_of(text: str, name: str, *, most: int = LAST_ID) -> int:
    """The number written in plain digits; UnreadableInput, which tells the name of its field, for anything else."""
    if text.isascii() and text.isdecimal() and len(text) <= len(str(most)) and int(text) <= most:
        return int(text)
    raise UnreadableInput(f"{name} 应是页面上给出的数字,没有办理。请回到原来的页面,从页面上的链接或按钮重新打开。")


def own_path(request: HttpRequest, otherwise: str) -> str:
    """The page of ours that `next` names, a path that begins with exactly one slash; `otherwise` where it is blank."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    if not wanted:
        return otherwise
    if not is_own_path(wanted):
        raise UnreadableInput(_NEXT)
    return wanted


def is_own_path(path: str) -> bool:
    """A browser reads a second slash, or a backslash, as the beginning of a host, and skips control characters."""
    return path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
