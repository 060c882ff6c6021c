"""What our template says of itself in the workbook's defined names: whose lines it holds, and as of which version."""

from dataclasses import dataclass

from budget.models import Budget, stage_name

TEMPLATE = "lines-1"
LINES, CODES, HOWTO = "预算明细", "科目", "说明"  # its sheets
PREFIX = "mz_"


class Mistaken(ValueError):
    """The workbook is the template of something else: a sentence in Chinese."""


@dataclass(frozen=True)
class Stamp:
    """The template of a unit's draft."""

    unit: str
    year: str
    stage: str
    revision: str
    version: str

    @classmethod
    def of(cls, budget: Budget) -> "Stamp":
        return cls(budget.unit.code, str(budget.year), budget.stage, str(budget.revision), str(budget.version))

    @classmethod
    def found(cls, names: dict[str, str]) -> "Stamp | None":
        """The stamp among the defined names of a workbook; None where it is no template of ours."""
        if f"{PREFIX}template" not in names:
            return None
        return cls(*(names.get(f"{PREFIX}{name}", "") for name in cls.__dataclass_fields__))

    def names(self) -> dict[str, str]:
        """Defined name → text."""
        parts = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {f"{PREFIX}{name}": text for name, text in ({"template": TEMPLATE} | parts).items()}

    def check(self, budget: Budget) -> list[str]:
        """What the person should know before importing it into this draft. Raises Mistaken for another unit or year."""
        here = Stamp.of(budget)
        if (self.unit, self.year) != (here.unit, here.year):
            raise Mistaken(
                f"模板是单位{self.unit}的{self.year}年预算，不能导入单位{here.unit}的{here.year}年预算。请下载本单位本年度的模板。"
            )
        if self.stage != here.stage:
            name = stage_name(self.stage) if self.stage in ("first", "second", "approved") else self.stage
            return [f"模板是“{name}”阶段的，现在导入的是“{budget.stage_name}”，请核对变化。"]
        if (self.revision, self.version) != (here.revision, here.version):
            return ["模板下载以后草稿又有改动：模板里没有的明细将被删除，不同的将改成模板里的，请核对变化。"]
        return []
