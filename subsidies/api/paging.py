"""Pages of a list by key: from the row after the last one seen, in one direction, the same rows whatever is added."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

SMALLEST, LARGEST = 50, 200
LAST_ID = 2**63 - 1


class PageQuery(serializers.Serializer[Any]):  # no model behind it
    """Where a page begins, and how long it is."""

    after = serializers.IntegerField(
        required=False, min_value=1, max_value=LAST_ID, help_text="上一页最后一行的 id;不写是第一页。"
    )
    limit = serializers.IntegerField(
        default=SMALLEST, min_value=SMALLEST, max_value=LARGEST, help_text=f"一页多少行,{SMALLEST} 到 {LARGEST}。"
    )


class ByKey(BasePagination):
    """Along the id, upwards; `next` is the value of `after` for the page that follows, null on the last."""

    lookup, order = "pk__gt", "pk"

    def paginate_queryset(
        self, queryset: QuerySet[Any] | Sequence[Any], request: Request, view: APIView | None = None
    ) -> list[Any]:
        if not isinstance(queryset, QuerySet):
            raise TypeError("only rows of the database are paged by key")
        query = PageQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        after, limit = query.validated_data.get("after"), query.validated_data["limit"]
        if after is not None:
            queryset = queryset.filter(**{self.lookup: after})
        rows = list(queryset.order_by(self.order)[: limit + 1])
        self.next = rows[limit - 1].pk if len(rows) > limit else None
        return rows[:limit]

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.next, "results": data})

    def get_paginated_response_schema(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {"next": {"type": "integer", "nullable": True}, "results": schema},
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        bounds = {"after": {"minimum": 1}, "limit": {"minimum": SMALLEST, "maximum": LARGEST, "default": SMALLEST}}
        return [
            {
                "name": name,
                "in": "query",
                "required": False,
                "description": str(field.help_text),
                "schema": {"type": "integer", **bounds[name]},
            }
            for name, field in PageQuery().get_fields().items()
        ]


class NewestFirst(ByKey):
    """Along the id, downwards."""

    lookup, order = "pk__lt", "-pk"
