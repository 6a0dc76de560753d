"""Public holidays, from the `holidays` package; each year of a country is worked out once."""

from datetime import date
from functools import cache, lru_cache

import holidays
from holidays.registry import COUNTRIES

ENGLISH = ("en_GB", "en_US")


@lru_cache(2048)
def of_year(country: str, region: str, year: int) -> dict[date, str]:
    """The holidays of a year with their names, in English where the package knows them. Cost: 1 ms, once."""
    known = supported()[country]
    found = holidays.country_holidays(country, subdiv=region or None, years=year, language=known.language)
    return dict(sorted(found.items()))


class Country:
    """What the package knows of a country. `regions` are codes with the name that people use, where it has one."""

    def __init__(self, code: str, name: str) -> None:
        self.code, self.name = code, name

    @property
    def language(self) -> str | None:
        spoken = getattr(self._class, "supported_languages", ())
        return next((language for language in ENGLISH if language in spoken), None)

    @property
    def regions(self) -> dict[str, str]:
        names: dict[str, str] = {}
        for alias, code in getattr(self._class, "subdivisions_aliases", {}).items():
            names.setdefault(code, alias)
        return {code: names.get(code, code) for code in self._class.subdivisions}

    @property
    def _class(self) -> type[holidays.HolidayBase]:
        found: type[holidays.HolidayBase] = getattr(holidays, self.code)
        return found


@cache
def supported() -> dict[str, Country]:
    """Every country of the package by its two letters, in the order of their names."""
    spelled = {names[1]: words(names[0]) for names in COUNTRIES.values()}
    return {code: Country(code, name) for code, name in sorted(spelled.items(), key=lambda pair: pair[1])}


def words(name: str) -> str:
    """`UnitedKingdom` is `United Kingdom`."""
    return "".join(f" {letter}" if letter.isupper() and at else letter for at, letter in enumerate(name))


def check(country: str, region: str) -> None:
    """Raises ValueError with what to do where the package does not know them."""
    if not country:
        if region:
            raise ValueError("A region needs its country. Choose the country first.")
        return
    if country not in supported():
        raise ValueError(f"Holidays of “{country}” are not known. Choose a country of the list, or none.")
    if region and region not in supported()[country].regions:
        raise ValueError(f"“{region}” is no region of {supported()[country].name}. Choose one of the list, or none.")
