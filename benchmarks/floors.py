"""THE FROZEN FLOOR: the fifteen tables as fifteen bare SQL groupings, one a table, fetched whole.

What someone would write who wants these figures fast and nothing else: no ORM, no checks, no 未归列, no keys, no
predicates, no Grid; the budgets' ids are given. Each grouping joins only what its conditions need, groups by ids,
sums each money column with CASE, and joins codes, names and indicators to the groups. The rows are those the table
prints, subtotals too, in print order. `agreement.py` holds them against our Grids, figure by figure, at every run.

Frozen: a change here makes every ratio of the past worthless. Where the tables change, the floor changes with them
and docs/benchmarks.md says so; it is never changed because we are slower, or faster, than it.

Amounts are 分. The text runs on SQLite and PostgreSQL.
"""

from collections.abc import Sequence

GENERAL = "substr(k.code, 1, 2) = '11'"
APPROPRIATION = "k.code = '11111'"
GOVERNMENT_FUND = "substr(k.code, 1, 2) = '12'"
STATE_CAPITAL = "substr(k.code, 1, 2) = '13'"
SPECIAL_ACCOUNT = "substr(k.code, 1, 1) = '2'"
UNIT_FUNDS = "substr(k.code, 1, 1) = '3'"
GOVERNMENT_MONEY = "substr(k.code, 1, 1) = '1'"
BASIC = "i.category IN ('1', '21')"
PROJECT = "i.category IN ('22', '3')"
NOW, BEFORE = "NOT l.carried_over", "l.carried_over"
ALL = "1 = 1"

OWN_FUNDS = {
    "special_account": SPECIAL_ACCOUNT,
    "undertakings": "substr(k.code, 1, 2) = '31'",
    "operations": "substr(k.code, 1, 2) = '34'",
    "from_above": "substr(k.code, 1, 2) = '32'",
    "from_below": "substr(k.code, 1, 2) = '33'",
    "other": "substr(k.code, 1, 2) = '39'",
}
FUND_COLUMNS = {
    "total": ALL,
    "now_general": f"{NOW} AND {GENERAL}",
    "now_government_fund": f"{NOW} AND {GOVERNMENT_FUND}",
    "now_state_capital": f"{NOW} AND {STATE_CAPITAL}",
    "before_general": f"{BEFORE} AND {GENERAL}",
    "before_government_fund": f"{BEFORE} AND {GOVERNMENT_FUND}",
    "before_state_capital": f"{BEFORE} AND {STATE_CAPITAL}",
    "special_account": SPECIAL_ACCOUNT,
    "unit_funds": UNIT_FUNDS,
}

ITEM = "JOIN budget_item i ON i.id = l.item_id"
FUND = "JOIN budget_fundsource k ON k.id = l.fund_id"
ECONOMIC = "JOIN budget_departmenteconomicclass e ON e.id = l.economic_id"


def sums(columns: dict[str, str]) -> str:
    """A conditional sum a column. PostgreSQL would sum integers to decimals, which take longer to read."""
    return ", ".join(
        f"CAST(SUM({'l.amount_fen' if condition == ALL else f'CASE WHEN {condition} THEN l.amount_fen END'}) AS BIGINT)"
        f" AS {name}"
        for name, condition in columns.items()
    )


def again(columns: dict[str, str]) -> str:
    """The sums of the sums of a `leaf`."""
    return ", ".join(f"CAST(SUM({name}) AS BIGINT)" for name in columns)


def nodes(before: str, after: str, columns: dict[str, str], several: bool) -> str:
    """The rows of the department and, where there are several, of its units, from a `leaf` with a budget_id."""
    units = f"""
        UNION ALL
        SELECT u.code, 2, {before} u.code, b.unit_name, {after} {again(columns)} FROM leaf
        JOIN budget_budget b ON b.id = leaf.budget_id JOIN organisation_unit u ON u.id = b.unit_id
        GROUP BY u.code, b.unit_name"""
    return f"""
        SELECT '', 1, {before} d.code, d.name, {after} sums.* FROM
        (SELECT {again(columns)} FROM leaf HAVING COUNT(*) > 0) sums
        CROSS JOIN organisation_unit d WHERE d.parent_id IS NULL {units if several else ""}"""


def by_function(joins: str, scope: str, columns: dict[str, str], several: bool) -> str:
    """Tables 2, 3, 5, 10, 11: unit, level, function, unit code, name, figures."""
    return f"""
        WITH leaf AS (
            SELECT i.budget_id, l.function_id, {sums(columns)}
            FROM budget_line l {ITEM} {joins} WHERE {scope} GROUP BY i.budget_id, l.function_id)
        SELECT '' AS unit, 0 AS level, '' AS function, '' AS code, '合计' AS name, {again(columns)} FROM leaf
        UNION ALL {nodes("'',", "", columns, several)}
        UNION ALL
        SELECT u.code, 3, f.code, '', f.name, {", ".join(columns)} FROM leaf
        JOIN budget_budget b ON b.id = leaf.budget_id JOIN organisation_unit u ON u.id = b.unit_id
        JOIN budget_functionalclass f ON f.id = leaf.function_id
        ORDER BY 1, 2, 3"""


def by_pair(scope: str, columns: dict[str, str], *, order: str) -> str:
    """Tables 6 and 8: both economic classes, figures."""
    return f"""
        WITH leaf AS (
            SELECT l.economic_id, l.government_id, {sums(columns)}
            FROM budget_line l {ITEM} {FUND} {ECONOMIC} WHERE {scope} GROUP BY l.economic_id, l.government_id)
        SELECT 0 AS level, NULL AS blank, '' AS code, '合计' AS name, NULL AS blank_2, '' AS code_2, '' AS name_2,
            {again(columns)} FROM leaf
        UNION ALL
        SELECT 1, e.is_unspecified, e.code, e.name, g.is_unspecified, g.code, g.name, {", ".join(columns)} FROM leaf
        JOIN budget_departmenteconomicclass e ON e.id = leaf.economic_id
        JOIN budget_governmenteconomicclass g ON g.id = leaf.government_id
        ORDER BY {order}"""


def by_item(scope: str, words: str, several: bool) -> str:
    """Tables 7 and 12: unit, level, position, three words, figures."""
    return f"""
        WITH leaf AS (
            SELECT i.budget_id, l.item_id, {sums(FUND_COLUMNS)}
            FROM budget_line l {ITEM} {FUND} WHERE {scope} GROUP BY i.budget_id, l.item_id)
        SELECT '' AS unit, 0 AS level, 0 AS position, '' AS first, '' AS second, '合计' AS third,
            {again(FUND_COLUMNS)} FROM leaf
        UNION ALL {nodes("0, '',", "", FUND_COLUMNS, several)}
        UNION ALL
        SELECT u.code, 3, i.position, {words}, {", ".join(FUND_COLUMNS)} FROM leaf
        JOIN budget_item i ON i.id = leaf.item_id
        JOIN budget_budget b ON b.id = leaf.budget_id JOIN organisation_unit u ON u.id = b.unit_id
        ORDER BY 1, 2, 3"""


def groupings(budgets: Sequence[int], several: bool) -> dict[str, str]:
    """Table → its SQL, for the budgets of those ids; `several`: whether units have rows of their own."""
    ours = f"i.budget_id IN ({', '.join(map(str, budgets))})"
    own = {key: f"{NOW} AND {condition}" for key, condition in OWN_FUNDS.items()}
    income = {
        "general": f"{NOW} AND {GENERAL}",
        "appropriation": f"{NOW} AND {APPROPRIATION}",
        "government_fund": f"{NOW} AND {GOVERNMENT_FUND}",
        "state_capital": f"{NOW} AND {STATE_CAPITAL}",
        **own,
        "this_year": NOW,
        "carried_over": BEFORE,
        "total": ALL,
    }
    revenue = {
        "total": ALL,
        "this_year": NOW,
        "general": f"{NOW} AND {GENERAL}",
        "appropriation": f"{NOW} AND {APPROPRIATION}",
        "government_fund": f"{NOW} AND {GOVERNMENT_FUND}",
        "state_capital": f"{NOW} AND {STATE_CAPITAL}",
        **own,
        "before": BEFORE,
        "before_general": f"{BEFORE} AND {GENERAL}",
        "before_government_fund": f"{BEFORE} AND {GOVERNMENT_FUND}",
        "before_state_capital": f"{BEFORE} AND {STATE_CAPITAL}",
        "before_special_account": f"{BEFORE} AND {SPECIAL_ACCOUNT}",
        "before_unit_funds": f"{BEFORE} AND {UNIT_FUNDS}",
    }
    personnel = {
        "wages": f"{BASIC} AND substr(e.code, 1, 3) = '301'",
        "assistance": f"{BASIC} AND substr(e.code, 1, 3) = '303'",
    }
    operating = {
        "goods": f"{BASIC} AND substr(e.code, 1, 3) = '302'",
        "capital": f"{BASIC} AND substr(e.code, 1, 3) = '310'",
    }
    kinds = {"project": PROJECT, "other_running": "i.category = '22'", "targeted": "i.category = '3'"}
    of_fund = {"total": ALL, "basic": BASIC, **personnel, **operating, **kinds}
    expenditure = {
        "total": ALL,
        "basic": BASIC,
        "personnel": f"{BASIC} AND substr(e.code, 1, 3) IN ('301', '303')",
        **personnel,
        "operating": f"{BASIC} AND substr(e.code, 1, 3) IN ('302', '310')",
        **operating,
        **kinds,
    }
    fiscal = {
        f"{when}_{name}": f"{condition} AND {fund}"
        for when, condition in (("now", NOW), ("before", BEFORE))
        for name, fund in (
            ("all", GOVERNMENT_MONEY),
            ("general", GENERAL),
            ("appropriation", APPROPRIATION),
            ("government_fund", GOVERNMENT_FUND),
            ("state_capital", STATE_CAPITAL),
        )
    }
    spent = {
        "total": ALL,
        "general": GENERAL,
        "appropriation": APPROPRIATION,
        "government_fund": GOVERNMENT_FUND,
        "state_capital": STATE_CAPITAL,
    }
    goals = {
        "total": ALL,
        "government": GOVERNMENT_MONEY,
        "special_account": SPECIAL_ACCOUNT,
        "unit_funds": UNIT_FUNDS,
        "basic": BASIC,
        "project": PROJECT,
    }
    project = {name: goals[name] for name in ("total", "government", "special_account", "unit_funds")}
    printed = "CASE WHEN p.operator IN ('=', '定性') THEN '' ELSE p.operator END || p.target || p.measure"
    here = f"budget_id IN ({', '.join(map(str, budgets))})"
    return {
        "revenue_and_expenditure": f"""
            SELECT '' AS class, {sums(income)} FROM budget_line l {ITEM} {FUND} WHERE {ours}
            UNION ALL
            SELECT substr(f.code, 1, 3), CAST(SUM(l.fen) AS BIGINT){", NULL" * (len(income) - 1)} FROM
            (SELECT l.function_id, SUM(l.amount_fen) AS fen FROM budget_line l {ITEM} WHERE {ours}
            GROUP BY l.function_id) l JOIN budget_functionalclass f ON f.id = l.function_id
            GROUP BY substr(f.code, 1, 3) ORDER BY 1""",
        "revenue": by_function(FUND, ours, revenue, several),
        "expenditure": by_function(ECONOMIC, ours, expenditure, several),
        "fiscal_appropriation": f"""
            SELECT '' AS class, {sums(fiscal)} FROM budget_line l {ITEM} {FUND} WHERE {ours} AND {GOVERNMENT_MONEY}
            UNION ALL
            SELECT substr(f.code, 1, 3), {again(spent)}{", NULL" * (len(fiscal) - len(spent))} FROM
            (SELECT l.function_id, {sums(spent)} FROM budget_line l {ITEM} {FUND} WHERE {ours} AND {GOVERNMENT_MONEY}
            GROUP BY l.function_id) l JOIN budget_functionalclass f ON f.id = l.function_id
            GROUP BY substr(f.code, 1, 3) ORDER BY 1""",
        "general_expenditure": by_function(f"{FUND} {ECONOMIC}", f"{ours} AND {GENERAL}", of_fund, several),
        "general_basic_by_economic": by_pair(
            f"{ours} AND {GENERAL} AND {NOW} AND {BASIC}",
            {
                "total": ALL,
                "personnel": "substr(e.code, 1, 3) IN ('301', '303')",
                "operating": "substr(e.code, 1, 3) IN ('302', '310')",
            },
            order="1, 2, 3, 5, 6",
        ),
        "basic_items": by_item(
            f"{ours} AND {BASIC}",
            "b.unit_name, CASE i.category WHEN '1' THEN '人员类' ELSE '公用经费' END, i.name",
            several,
        ),
        "by_economic": by_pair(ours, FUND_COLUMNS, order="1, 2, 3, 5, 6"),
        "three_public": f"""
            SELECT {
            sums(
                {
                    "total": ALL,
                    "abroad": "e.code = '30212'",
                    "vehicles": "e.code IN ('30913', '31013', '30231')",
                    "purchase": "e.code IN ('30913', '31013')",
                    "running": "e.code = '30231'",
                    "reception": "e.code = '30217'",
                }
            )
        }
            FROM budget_line l {ITEM} {FUND} {ECONOMIC}
            WHERE {ours} AND {GENERAL} AND e.code IN ('30212', '30913', '31013', '30231', '30217')""",
        "government_fund_expenditure": by_function(
            f"{FUND} {ECONOMIC}", f"{ours} AND {GOVERNMENT_FUND}", of_fund, several
        ),
        "state_capital_expenditure": by_function(f"{FUND} {ECONOMIC}", f"{ours} AND {STATE_CAPITAL}", of_fund, several),
        "projects": by_item(
            f"{ours} AND {PROJECT}",
            "CASE i.category WHEN '22' THEN '其他运转类' ELSE '特定目标类' END, i.name, b.unit_name",
            several,
        ),
        "agency_operating": f"""
            WITH leaf AS (
                SELECT l.economic_id, {sums({"total": ALL})} FROM budget_line l {ITEM} {FUND} {ECONOMIC}
                WHERE {ours} AND {GENERAL} AND {BASIC} AND substr(e.code, 1, 3) = '302'
                AND e.code NOT IN ('30239', '30217') GROUP BY l.economic_id)
            SELECT '' AS code, '合计' AS name, {again({"total": ALL})} FROM leaf
            UNION ALL SELECT e.code, e.name, total FROM leaf
            JOIN budget_departmenteconomicclass e ON e.id = leaf.economic_id ORDER BY 1""",
        "department_performance": f"""
            SELECT 1 AS part, 0 AS position, 0 AS id, '' AS name, '' AS content, '' AS third,
                '' AS value, '' AS explanation, {sums(goals)} FROM budget_line l {ITEM} {FUND} WHERE {ours}
            UNION ALL SELECT 2, position, id, text, '', '', '', ''{", NULL" * len(goals)}
                FROM performance_departmentgoal WHERE {here}
            UNION ALL SELECT 3, position, id, name, content, '', '', ''{", NULL" * len(goals)}
                FROM performance_departmenttask WHERE {here}
            UNION ALL
                SELECT 4, position, id, level_1, level_2, name, {printed}, explanation{", NULL" * len(goals)}
                FROM performance_departmentindicator p WHERE {here}
            ORDER BY 1, 2, 3""",
        "project_performance": f"""
            WITH leaf AS (
                SELECT i.budget_id, l.item_id, {sums(project)}
                FROM budget_line l {ITEM} {FUND} WHERE {ours} AND {PROJECT} GROUP BY i.budget_id, l.item_id)
            {nodes("0, 0,", "'', '', '',", project, True).replace("'', 1,", "'' AS unit, 1 AS level,", 1)}
            UNION ALL
            SELECT u.code, 3, i.position, p.position, i.code, i.name, p.level_1, p.name, {printed}, {", ".join(project)}
            FROM leaf JOIN budget_item i ON i.id = leaf.item_id
            JOIN budget_budget b ON b.id = leaf.budget_id JOIN organisation_unit u ON u.id = b.unit_id
            LEFT JOIN performance_projectindicator p ON p.item_id = leaf.item_id
            ORDER BY 1, 2, 3, 4""",
    }


def fetch(cursor, statements: dict[str, str]) -> dict[str, list[tuple]]:
    """Run them and fetch every row: what is timed."""
    rows = {}
    for table, statement in statements.items():
        cursor.execute(statement)
        rows[table] = cursor.fetchall()
    return rows
