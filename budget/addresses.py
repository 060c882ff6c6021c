"""The parts of an address: unit code, year, stage."""


class UnitConverter:
    """The code of a department (566) or a unit (566001)."""

    regex = r"\d{3,20}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class YearConverter:
    regex = r"[12]\d{3}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class StageConverter:
    """first, second, approved, adjusted-1…"""

    regex = r"first|second|approved|adjusted-[1-9]\d?"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
