"""The words of the API for places: the keys of the page and of sheet T8."""

from rest_framework import serializers

from staffing.enums import Position
from subsidies.api.serializers import Words
from townships.enums import TownshipClass

_POSITIONS = [(position.value, position.label) for position in Position]


class StaffingWords(Words):
    norm = serializers.IntegerField()
    filled = serializers.IntegerField()
    vacant = serializers.IntegerField()
    over = serializers.IntegerField()
    unplaced = serializers.IntegerField()


class PositionPlacesWords(Words):
    """The places of one position; `days_vacant` has the days of each vacant place, the longest first."""

    position = serializers.ChoiceField(choices=_POSITIONS)
    norm = serializers.IntegerField(source="staffing.norm")
    places = serializers.IntegerField()
    extra = serializers.IntegerField()
    filled = serializers.IntegerField(source="staffing.filled")
    vacant = serializers.IntegerField(source="staffing.vacant")
    over = serializers.IntegerField(source="staffing.over")
    unplaced = serializers.IntegerField(source="staffing.unplaced")
    days_vacant = serializers.ListField(child=serializers.IntegerField())
    median_vacant = serializers.IntegerField(allow_null=True)


class TownshipEstablishmentWords(Words):
    code = serializers.CharField(source="places.code")
    name = serializers.CharField(source="places.name")
    township_class = serializers.ChoiceField(
        source="places.township_class", choices=TownshipClass.choices(), allow_null=True
    )
    positions = PositionPlacesWords(many=True)


class VacantPlaceWords(Words):
    """One place that nobody fills; `unit` is null at a township."""

    township = serializers.CharField(source="township.code")
    unit = serializers.CharField(source="unit.code", default=None, allow_null=True)
    unit_name = serializers.CharField(source="unit.name", default="", allow_blank=True)
    position = serializers.ChoiceField(choices=_POSITIONS)
    since = serializers.DateField()
    days = serializers.IntegerField()


class WorkforceWords(Words):
    """The people of a position, null for all; who left in the twelve months, of those before and now in service."""

    position = serializers.ChoiceField(choices=_POSITIONS, allow_null=True)
    on_post = serializers.IntegerField()
    before = serializers.IntegerField(source="turnover.before")
    now = serializers.IntegerField(source="turnover.now")
    left = serializers.IntegerField(source="turnover.left")
    turnover_percent = serializers.DecimalField(
        source="turnover.percent", max_digits=12, decimal_places=1, allow_null=True
    )
    months_served = serializers.IntegerField(allow_null=True)


class EstablishmentWords(Words):
    """Townships by code, without positions where no standard is in force; then all of them together."""

    on = serializers.DateField(source="day")
    townships = TownshipEstablishmentWords(many=True)
    positions = PositionPlacesWords(many=True)
    together = StaffingWords()
    vacant = VacantPlaceWords(many=True)
    median_vacant = serializers.IntegerField(allow_null=True)
    workforce = WorkforceWords(many=True)
    everybody = WorkforceWords()
