"""Kinds of townships and of grassroots units."""

from foundation.labels import Labelled


class TownshipKind(Labelled):
    SUBDISTRICT = "subdistrict", "街道"
    TOWN = "town", "镇"
    RURAL_TOWNSHIP = "rural_township", "乡"


class TownshipClass(Labelled):
    """Class by which places are counted (一.1, 一.2): A is a subdistrict or a central town."""

    A = "A", "甲类"
    B = "B", "乙类"


class UnitKind(Labelled):
    """What a grassroots unit is; a residents' committee follows the village rule (一.3)."""

    COMMUNITY = "community", "社区"
    RESIDENTS_COMMITTEE = "residents_committee", "居委会"
    VILLAGE = "village", "行政村"
    NON_STANDARD = "non_standard", "其他区域"


class UnitChangeKind(Labelled):
    """How a unit follows another one."""

    MERGED = "merged", "并入"
    CONVERTED = "converted", "改设为"


def class_of(kind: TownshipKind, *, is_central_town: bool) -> TownshipClass:
    """The class of a township with this status."""
    return TownshipClass.A if kind is TownshipKind.SUBDISTRICT or is_central_town else TownshipClass.B
