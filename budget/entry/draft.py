"""The draft that a page shows: whose it is, who looks at it, in which unit, and whether they may write."""

from functools import cached_property

from budget.importing.dimensions import Dimensions
from budget.models import Budget
from budget.reporting import money
from budget.reporting.money import FEN_PER
from organisation.rights import can

from .search import Index, index_of

LOCKED = {
    Budget.State.SUBMITTED: "本稿已送审，正在等待审核，不能修改。需要修改时请审核人退回，或在对方处理前撤回。",
    Budget.State.PASSED: "本稿已通过审核，不能修改。",
    Budget.State.RETURNED: "本稿已被退回，不能修改；请在新的一稿中修改。",
    Budget.State.WITHDRAWN: "本稿已撤回，不能修改；请在新的一稿中修改。",
    Budget.State.APPROVED: "本预算已批复，不能修改；需要变动时请编制预算调整。",
}
ONLY_LOOKING = "您可以查看，不能修改：录入由单位经办负责。"


class Draft:
    """A budget as one person has it before them. `unit`: 元 or 万元, the one that amounts on the page are typed in."""

    def __init__(self, budget: Budget, user, unit: str = ""):
        self.budget = budget
        self.user = user
        self.unit = unit if unit in FEN_PER else user.amount_unit
        self.campaign = budget.campaign

    @cached_property
    def dimensions(self) -> Dimensions:
        return Dimensions(self.campaign)

    def read_dimensions(self) -> Dimensions:
        """The year's codes, read now rather than when they are first asked for."""
        return self.dimensions

    @property
    def may_edit(self) -> bool:
        return can(self.user, "edit", self.budget)

    @property
    def reason_not_to_write(self) -> str:
        """Why nothing can be written here now, in words; "" where it can."""
        if not self.budget.is_draft:
            return LOCKED[self.budget.state]
        return "" if self.may_edit else ONLY_LOOKING

    @property
    def is_writable(self) -> bool:
        return not self.reason_not_to_write

    def index(self, kind: str) -> Index:
        return index_of(kind, self.campaign.edition)

    def printed(self, fen: int) -> str:
        """An amount as text on the page, in the person's unit, thousands separated; 0.00 for nothing."""
        return money.printed(fen, self.unit, thousands=True) or "0.00"
