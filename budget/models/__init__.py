from .classifications import (
    UNSPECIFIED_ECONOMIC,
    UNSPECIFIED_FUNCTION,
    DepartmentEconomicClass,
    EconomicPair,
    Edition,
    FunctionalClass,
    FundSource,
    GovernmentEconomicClass,
    Nature,
)
from .cycle import Budget, Campaign, CampaignStage, stage_name, stage_order
from .facts import AssetHolding, Duty, LastYearFigure, ProcurementLine, Reason, SpecialTransfer, Staffing
from .items import BASIC_CATEGORIES, PROJECT_CATEGORIES, Category, Item
from .lines import DraftRow, IncomeEstimate, Line
from .rows import BudgetOwned, BudgetRow, ItemRow
from .steps import ControlNumber, ReviewStep, Transition

__all__ = [
    "BASIC_CATEGORIES",
    "PROJECT_CATEGORIES",
    "UNSPECIFIED_ECONOMIC",
    "UNSPECIFIED_FUNCTION",
    "AssetHolding",
    "Budget",
    "BudgetOwned",
    "BudgetRow",
    "Campaign",
    "CampaignStage",
    "Category",
    "ControlNumber",
    "DepartmentEconomicClass",
    "DraftRow",
    "Duty",
    "EconomicPair",
    "Edition",
    "FunctionalClass",
    "FundSource",
    "GovernmentEconomicClass",
    "IncomeEstimate",
    "Item",
    "ItemRow",
    "LastYearFigure",
    "Line",
    "Nature",
    "ProcurementLine",
    "Reason",
    "ReviewStep",
    "SpecialTransfer",
    "Staffing",
    "Transition",
    "stage_name",
    "stage_order",
]
