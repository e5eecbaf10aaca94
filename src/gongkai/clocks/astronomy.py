"""Lunar festivals and the Qingming term by the rule of GB/T 33661-2017 (农历的编算和颁行), for the table in data/lunar.toml.

`python -m gongkai.clocks.astronomy > src/gongkai/clocks/data/lunar.toml` writes that table; nothing else calls this module at run time.
New moons and the sun's longitude follow Meeus, Astronomical Algorithms (chapters 49 and 25): good to about a minute and a quarter of an
hour. A term or new moon nearer to midnight than that could fall on the wrong day; the tests hold every row against the tables of
`holidays`.
"""

from __future__ import annotations

import sys
from datetime import date, timedelta
from functools import cache
from math import cos, floor, radians, sin

FIRST, LAST = 1999, 2060
_UNIX_EPOCH_JD = 2440587.5
_BEIJING = 8 / 24  # 120° E, the meridian of the standard

# Meeus table 49.A, new moon: coefficient, power of the eccentricity factor, multiples of M, M', F, Ω.
_MOON = (
    (-0.40720, 0, 0, 1, 0, 0), (0.17241, 1, 1, 0, 0, 0), (0.01608, 0, 0, 2, 0, 0), (0.01039, 0, 0, 0, 2, 0),
    (0.00739, 1, -1, 1, 0, 0), (-0.00514, 1, 1, 1, 0, 0), (0.00208, 2, 2, 0, 0, 0), (-0.00111, 0, 0, 1, -2, 0),
    (-0.00057, 0, 0, 1, 2, 0), (0.00056, 1, 1, 2, 0, 0), (-0.00042, 0, 0, 3, 0, 0), (0.00042, 1, 1, 0, 2, 0),
    (0.00038, 1, 1, 0, -2, 0), (-0.00024, 1, -1, 2, 0, 0), (-0.00017, 0, 0, 0, 0, 1), (-0.00007, 0, 2, 1, 0, 0),
    (0.00004, 0, 0, 2, -2, 0), (0.00004, 0, 3, 0, 0, 0), (0.00003, 0, 1, 1, -2, 0), (0.00003, 0, 0, 2, 2, 0),
    (-0.00003, 0, 1, 1, 2, 0), (0.00003, 0, -1, 1, 2, 0), (-0.00002, 0, -1, 1, -2, 0), (-0.00002, 0, 1, 3, 0, 0),
    (0.00002, 0, 0, 4, 0, 0),
)  # fmt: skip
# The planetary arguments: coefficient, constant, factor of k.
_PLANETS = (
    (0.000325, 299.77, 0.107408), (0.000165, 251.88, 0.016321), (0.000164, 251.83, 26.651886), (0.000126, 349.42, 36.412478),
    (0.000110, 84.66, 18.206239), (0.000062, 141.74, 53.303771), (0.000060, 207.14, 2.453732), (0.000056, 154.84, 7.306860),
    (0.000047, 34.52, 27.261239), (0.000042, 207.19, 0.121824), (0.000040, 291.34, 1.844379), (0.000037, 161.72, 24.198154),
    (0.000035, 239.56, 25.513099), (0.000023, 331.55, 3.592518),
)  # fmt: skip


def delta_t(year: float) -> float:
    """Days between dynamical and universal time. Measured values to 2024; ΔT has since stayed near 69 s, and a slow rise is assumed."""
    t = year - 2000
    return (63.86 + 0.3345 * t if t < 20 else 69.2 + 0.12 * (t - 20)) / 86400


@cache
def new_moon(k: int) -> float:
    """Julian day (universal time) of the new moon number k, 0 being that of 2000-01-06."""
    t = k / 1236.85
    jde = 2451550.09766 + 29.530588861 * k + 0.00015437 * t**2 - 0.000000150 * t**3 + 0.00000000073 * t**4
    e = 1 - 0.002516 * t - 0.0000074 * t**2
    m = radians(2.5534 + 29.10535670 * k - 0.0000014 * t**2 - 0.00000011 * t**3)
    m1 = radians(201.5643 + 385.81693528 * k + 0.0107582 * t**2 + 0.00001238 * t**3 - 0.000000058 * t**4)
    f = radians(160.7108 + 390.67050284 * k - 0.0016118 * t**2 - 0.00000227 * t**3 + 0.000000011 * t**4)
    omega = radians(124.7746 - 1.56375588 * k + 0.0020672 * t**2 + 0.00000215 * t**3)
    jde += sum(c * e**p * sin(a * m + b * m1 + g * f + h * omega) for c, p, a, b, g, h in _MOON)
    jde += sum(c * sin(radians(a + b * k - (0.009173 * t**2 if a == 299.77 else 0))) for c, a, b in _PLANETS)
    return jde - delta_t(2000 + k / 12.3685)


def sun_longitude(jd: float) -> float:
    """Apparent longitude in degrees at a Julian day of universal time."""
    t = (jd + delta_t(2000 + (jd - 2451545) / 365.25) - 2451545) / 36525
    mean = 280.46646 + 36000.76983 * t + 0.0003032 * t**2
    m = radians(357.52911 + 35999.05029 * t - 0.0001537 * t**2)
    centre = (1.914602 - 0.004817 * t) * sin(m) + (0.019993 - 0.000101 * t) * sin(2 * m) + 0.000289 * sin(3 * m)
    # Perturbations by Venus, Jupiter and the moon (Meeus, first edition, chapter 18), which the short series leaves out.
    bent = 0.00134 * cos(radians(153.23 + 22518.7541 * t)) + 0.00154 * cos(radians(216.57 + 45037.5082 * t))
    bent += 0.00200 * cos(radians(312.69 + 32964.3577 * t)) + 0.00179 * sin(radians(350.74 + 445267.1142 * t - 0.00144 * t**2))
    return (mean + centre + bent - 0.00569 - 0.00478 * sin(radians(125.04 - 1934.136 * t))) % 360


def term(year: int, degrees: int) -> float:
    """Julian day (universal time) in the civil year at which the sun reaches `degrees` (0 = spring equinox, 15 = Qingming, 270 = winter
    solstice).
    """
    jd = 2451623.8 + (year - 2000) * 365.2422 + (degrees if degrees < 280 else degrees - 360) * 365.2422 / 360
    for _ in range(20):
        step = (degrees - sun_longitude(jd) + 180) % 360 - 180
        jd += step * 365.2422 / 360
        if abs(step) < 1e-7:
            break
    return jd


def beijing_day(jd: float) -> date:
    return date(1970, 1, 1) + timedelta(floor(jd + _BEIJING - _UNIX_EPOCH_JD))


@cache
def months(year: int) -> dict[int, date]:
    """First days of lunar months 1 to 8 (leap months left out) that begin in the civil `year`.

    The month holding the winter solstice is the eleventh; between two elevenths with thirteen months, the first without a major term is
    leap.
    """
    before, after = beijing_day(term(year - 1, 270)), beijing_day(term(year, 270))
    k = floor((before.toordinal() - date(2000, 1, 6).toordinal()) / 29.530588861) - 2
    starts = [beijing_day(new_moon(k + n)) for n in range(20)]
    first = max(n for n, day in enumerate(starts) if day <= before)
    last = max(n for n, day in enumerate(starts) if day <= after)
    majors = [beijing_day(term(y, d)) for y in (year - 1, year) for d in range(0, 360, 30)]
    majors += [beijing_day(term(year + 1, 300))]
    number, leap_used, result = 11, False, {}
    for n in range(first, last):
        empty = not any(starts[n] <= major < starts[n + 1] for major in majors)
        if last - first == 13 and not leap_used and empty and n > first:
            leap_used = True
            continue
        if n > first:
            number = number % 12 + 1
        if number <= 8:
            result[number] = starts[n]
    return result


def festivals(year: int) -> dict[str, date]:
    """The days of 春节 (正月初一), 清明, 端午 (五月初五) and 中秋 (八月十五)."""
    month = months(year)
    return {
        "spring": month[1],
        "qingming": beijing_day(term(year, 15)),
        "dragon_boat": month[5] + timedelta(4),
        "mid_autumn": month[8] + timedelta(14),
    }


def table() -> str:
    """The text of data/lunar.toml."""
    lines = ["# Written by `python -m gongkai.clocks.astronomy` after GB/T 33661-2017; tests hold it against the tables of `holidays`.", ""]
    for year in range(FIRST, LAST + 1):
        fields = ", ".join(f"{name} = {day.isoformat()}" for name, day in festivals(year).items())
        lines.append(f"{year} = {{ {fields} }}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table())
