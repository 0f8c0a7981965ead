"""Amounts of money in Chinese capitals, as written on vouchers (会计基础工作规范 第五十二条)."""

from decimal import Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("仟", "佰", "拾", "")
LIMIT = Decimal(10) ** 16
CENT = Decimal("0.01")


def in_capitals(amount: Decimal) -> str:
    """1002.30 → 壹仟零贰元叁角整; 整 ends whole yuan and jiao, 负 precedes a negative amount.

    ValueError for more than two decimals and from 10^16 yuan on.
    """
    if not amount.is_finite() or amount.copy_abs() >= LIMIT:
        raise ValueError(f"{amount} cannot be written in capitals")
    if amount != amount.quantize(CENT):
        raise ValueError(f"{amount} has more than two decimals")
    yuan, rest = divmod(int(amount.copy_abs().quantize(CENT).scaleb(2)), 100)
    jiao, fen = divmod(rest, 10)
    text = _whole(yuan) + "元" if yuan or not rest else ""
    if jiao:
        text += DIGITS[jiao] + "角"
    elif fen and yuan:
        text += "零"
    text += DIGITS[fen] + "分" if fen else "整"
    return "负" + text if amount < 0 else text


def _whole(yuan: int) -> str:
    """Read in steps of 亿 and 万; 零 where the lower part lacks its highest place."""
    for unit, name in ((10**8, "亿"), (10**4, "万")):
        if yuan >= unit:
            high, low = divmod(yuan, unit)
            gap = DIGITS[0] if 0 < low < unit // 10 else ""
            return _whole(high) + name + gap + (_whole(low) if low else "")
    return _four(yuan) if yuan else DIGITS[0]


def _four(group: int) -> str:
    """1 to 9999; zeros inside become one 零, those at the ends are left out."""
    text = ""
    for place, digit in zip(PLACES, f"{group:04}", strict=True):
        if digit != "0":
            text += DIGITS[int(digit)] + place
        elif text and not text.endswith(DIGITS[0]):
            text += DIGITS[0]
    return text.rstrip(DIGITS[0])
