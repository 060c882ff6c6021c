"""The cells that the texts of the sets name, under the same names everywhere."""

from publication.narrative.wording import ByClass, Cell, Count, Fact, Figure, Kinds, Names, SumOf

BOTH = "revenue_and_expenditure"
PART = "{label}{amount}，占{share}"


def income(row: str) -> Cell:
    return Cell(BOTH, row, "income.amount", whole="income")


TOTALS: dict[str, Figure] = {
    "income": Cell(BOTH, "total", "income.amount", topic="total"),
    "spending": Cell(BOTH, "total", "expenditure.amount", topic="total"),
    "appropriation": income("appropriation"),
    "income_general": income("general"),
    "income_government_fund": income("government_fund"),
    "income_state_capital": income("state_capital"),
    "income_special_account": income("special_account"),
    "income_undertakings": income("undertakings"),
    "income_operations": income("operations"),
    "income_from_above": income("from_above"),
    "income_from_below": income("from_below"),
    "income_other": income("other"),
    "carried_over": income("carried_over"),
    "carried_out": Cell(BOTH, "carried_out", "expenditure.amount"),
    "spent": Cell("expenditure", "total", "total"),
    "basic": Cell("expenditure", "total", "basic.total", whole="spent"),
    "project": Cell("expenditure", "total", "project.total", whole="spent"),
    "general": Cell("general_expenditure", "total", "total", topic="total"),
    "fund": Cell("government_fund_expenditure", "total", "total", topic="government_funds"),
    "general_classes": ByClass("fiscal_appropriation", "expenditure.general.total", PART, whole="general"),
    "fund_classes": ByClass("fiscal_appropriation", "expenditure.government_fund", PART, whole="fund"),
    "general_basic": Cell("general_basic_by_economic", "total", "basic.total"),
    "personnel": Cell("general_basic_by_economic", "total", "basic.personnel"),
    "operating": Cell("general_basic_by_economic", "total", "basic.operating"),
    "personnel_names": Names("general_basic_by_economic", "economic.name", "basic.personnel"),
    "operating_names": Names("general_basic_by_economic", "economic.name", "basic.operating"),
    "three_public": Cell("three_public", "total", "total"),
    "abroad": Cell("three_public", "total", "abroad", topic="abroad"),
    "vehicles": Cell("three_public", "total", "vehicles.total"),
    "vehicle_purchase": Cell("three_public", "total", "vehicles.purchase", topic="vehicle_purchase"),
    "vehicle_running": Cell("three_public", "total", "vehicles.running", topic="vehicle_running"),
    "reception": Cell("three_public", "total", "reception", topic="reception"),
    "posts": Fact("posts"),
    "posts_administrative": Fact("posts_administrative"),
    "goods": Fact("procurement_goods"),
    "works": Fact("procurement_works"),
    "services": Fact("procurement_services"),
    "procurement": SumOf(("goods", "works", "services")),
    "transfers": Fact("transfers"),
    "buildings": Fact("asset_buildings"),
    "vehicle_assets": Fact("asset_vehicles"),
    "office_equipment": Fact("asset_office_equipment"),
    "special_equipment": Fact("asset_special_equipment"),
    "other_assets": Fact("asset_other"),
    "assets": SumOf(("buildings", "vehicle_assets", "office_equipment", "special_equipment", "other_assets")),
    "vehicles_held": Fact("number_vehicles"),
    "vehicles_general": Fact("number_vehicles_general"),
    "vehicles_enforcement": Fact("number_vehicles_enforcement"),
    "general_over": Fact("number_general_over_50"),
    "special_over": Fact("number_special_over_100"),
}

OF_FIFTEEN: dict[str, Figure] = {
    "state_capital": Cell("state_capital_expenditure", "total", "total"),
    "state_capital_classes": ByClass("fiscal_appropriation", "expenditure.state_capital", PART, whole="state_capital"),
    "agency_operating": Cell("agency_operating", "total", "operating.total", topic="operating"),
    "agency_names": Names("agency_operating", "economic.name", "operating.total"),
    "projects": Count("projects", "item"),
    "department_kinds": Kinds("department_indicators", ("投入管理指标", "产出指标", "效益指标", "满意度指标")),
    "project_kinds": Kinds("project_indicators", ("成本指标", "产出指标", "效益指标", "满意度指标")),
}
