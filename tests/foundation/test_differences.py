"""Two sets of rows beside each other: which differ, and their columns in words."""

from foundation.differences import Column, differing_columns, differing_labels, differing_rows

BEFORE, AFTER = {"甲": 1, "乙": 2, "丙": 3}, {"丁": 4, "丙": 3, "甲": 5}


def test_rows_of_one_side_and_rows_that_changed_are_told_in_the_order_of_a_side() -> None:
    assert list(differing_rows(BEFORE, AFTER)) == [("甲", 1, 5), ("乙", 2, None), ("丁", None, 4)]
    assert list(differing_rows(BEFORE, AFTER, new_first=True)) == [("丁", None, 4), ("甲", 1, 5), ("乙", 2, None)]


def test_columns_are_told_by_label_in_their_order_and_empty_values_as_nothing() -> None:
    columns = {"left": Column("离岗"), "days": Column("天数", lambda days: f"{days} 天" if days else "")}
    before, after = {"days": 0, "left": "", "other": 1}, {"days": 3, "left": "2010-01-31", "other": 2}
    assert [str(found) for found in differing_columns(before, after, columns)] == [
        "离岗 无 → 2010-01-31",
        "天数 无 → 3 天",
    ]
    assert list(differing_columns(after, after, columns)) == []


def test_a_label_that_one_side_lacks_is_told() -> None:
    found = differing_labels({"工资": "1,500.00", "合同": "有"}, {"合同": "有", "停发": "病假"})
    assert [str(difference) for difference in found] == ["工资 1,500.00 → 无", "停发 无 → 病假"]
