"""How a request to the API is read: its body as JSON, its answer as JSON whatever it says it accepts."""

import json
from collections.abc import Iterable, Mapping
from typing import IO, Any

from rest_framework.exceptions import NotAuthenticated, ParseError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser, JSONParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from accounts.models import User
from foundation.asked import is_storable_json


class JsonParser(JSONParser):
    """JSON in UTF-8; whatever else arrives is the sender's mistake and not ours."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        try:
            content = json.loads(stream.read().decode(), parse_constant=_refuse)
            storable = is_storable_json(content)
        except (ValueError, RecursionError) as error:
            raise ParseError("请求内容不是有效的 JSON(UTF-8)。") from error
        if not storable:
            raise ParseError("请求内容里有无法保存的字符(空字符或半个代理字符),请去掉后重新提交。")
        return content


class AlwaysJson(BaseContentNegotiation):
    """The parser of the body's type, and the first renderer that a view names."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        wanted = (request.content_type or "").partition(";")[0].strip()
        return next((parser for parser in parsers if parser.media_type == wanted), None)

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, renderer.media_type or ""


def user_of(request: Request) -> User:
    """Who asks; LoginMiddleware turned everybody else away."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON")
