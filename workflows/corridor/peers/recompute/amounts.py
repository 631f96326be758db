"""Exact numbers and money of the outsider: fractions made from decimal text, rounded half away from zero."""

from decimal import Decimal
from fractions import Fraction

# ISO 4217, minor units; every currency that is not named has two.
DIGITS = {
    "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0, "RWF": 0,
    "UGX": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
    "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
}


def exact(text) -> Fraction:
    return Fraction(Decimal(str(text)))


def digits(currency: str) -> int:
    return DIGITS.get(currency, 2)


def half_away(value: Fraction) -> int:
    """The nearest whole number; what lies in the middle goes away from zero."""
    sign = -1 if value < 0 else 1
    value = abs(value)
    return sign * ((2 * value.numerator + value.denominator) // (2 * value.denominator))


def minor(value: Fraction, currency: str) -> int:
    """An amount in major units as whole minor units."""
    return half_away(value * 10 ** digits(currency))


def down(value: Fraction) -> int:
    """Towards zero."""
    whole = abs(value.numerator) // value.denominator
    return -whole if value < 0 else whole


def largest_remainder(total: int, weights: list) -> list:
    """Shares of a total in proportion to weights that sum to it; of equal remainders the earlier one is served."""
    whole = sum(weights)
    sign, size = (-1, -total) if total < 0 else (1, total)
    quotas = [Fraction(size) * weight / whole for weight in weights]
    shares = [down(quota) for quota in quotas]
    order = sorted(range(len(weights)), key=lambda i: (-(quotas[i] - shares[i]), i))
    for i in order[: size - sum(shares)]:
        shares[i] += 1
    return [sign * share for share in shares]
