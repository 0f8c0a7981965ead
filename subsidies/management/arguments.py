"""Arguments that several commands share, refused in Chinese."""

from argparse import ArgumentTypeError

from foundation.dates import Month


def month(text: str) -> Month:
    """The month written YYYY-MM."""
    try:
        return Month.parse(text)
    except ValueError as error:
        raise ArgumentTypeError(f"月份“{text}”不对,请写成 2009-06 的形式") from error
