from .checks import Explanation
from .classifications import (
    UNSPECIFIED_ECONOMIC,
    UNSPECIFIED_FUNCTION,
    ClassificationCode,
    DepartmentEconomicClass,
    EconomicPair,
    Edition,
    FunctionalClass,
    FundSource,
    GovernmentEconomicClass,
    Nature,
)
from .cycle import Budget, Campaign, CampaignStage, stage_name, stage_order
from .facts import AssetHolding, Duty, Execution, LastYearFigure, ProcurementLine, Reason, SpecialTransfer, Staffing
from .items import BASIC_CATEGORIES, PROJECT_CATEGORIES, Category, Item
from .lines import DraftRow, IncomeEstimate, Line, Origin
from .rows import BudgetOwned, BudgetRow, ItemRow
from .steps import ControlNumber, ReviewStep, Transition
from .uploads import Upload

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
    "ClassificationCode",
    "ControlNumber",
    "DepartmentEconomicClass",
    "DraftRow",
    "Duty",
    "EconomicPair",
    "Edition",
    "Execution",
    "Explanation",
    "FunctionalClass",
    "FundSource",
    "GovernmentEconomicClass",
    "IncomeEstimate",
    "Item",
    "ItemRow",
    "LastYearFigure",
    "Line",
    "Nature",
    "Origin",
    "ProcurementLine",
    "Reason",
    "ReviewStep",
    "SpecialTransfer",
    "Staffing",
    "Transition",
    "Upload",
    "stage_name",
    "stage_order",
]
