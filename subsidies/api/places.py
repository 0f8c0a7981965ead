"""What a program reads of places: the establishment on a day, over what its user may see."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from subsidies.api.endpoints import documented
from subsidies.api.filters import TownshipDayQuery
from subsidies.api.place_words import EstablishmentWords
from subsidies.api.reading import user_of
from subsidies.api.views import asked
from subsidies.posts.establishment import establishment_on
from townships.models import Township

ON = OpenApiParameter("on", OpenApiTypes.DATE, required=True, description="日期,YYYY-MM-DD")
TOWNSHIP = OpenApiParameter("township", OpenApiTypes.STR, description="镇乡(街道)代码;不写是全部")


class Establishment(APIView):
    """Places and who fills them on a day. Ages and retirements are not told: see `establishment_on`."""

    @documented("某一天的编制与配备", EstablishmentWords, 400, parameters=[ON, TOWNSHIP])
    def get(self, request: Request) -> Response:
        visible = Township.objects.visible_to(user_of(request))
        query = asked(TownshipDayQuery(request.query_params, townships=visible))
        one = query["township"]
        return Response(
            EstablishmentWords(establishment_on(query["on"], visible.filter(pk=one.pk) if one else visible)).data
        )
