from organisation.models import User
from tests.factories import make_budget
from tests.web.conftest import AT


def test_one_place_is_gone_to_at_once(clerk):
    assert clerk.get("/").headers["Location"] == AT


def test_several_are_listed_with_stage_state_and_what_is_lacking(strange, client_of):
    make_budget("566002", stage="first")
    rows = {row.record.organisation.code: row.record for row in client_of("yusuan").get("/").context["table"].rows}
    assert list(rows) == ["566", "566001", "566002", "777", "777001"]
    assert (rows["566"].stage, rows["566"].state, rows["566"].lacking) == ("second", "草稿", 1)
    assert (rows["566002"].stage, rows["566002"].lacking) == ("first", 0)
    assert rows["566"].url == "/566/2024/second/"
    department = client_of("zhuguan").get("/").context["table"].rows
    assert [row.record.organisation.code for row in department] == ["566", "566001", "566002"]


def test_home_is_narrowed_by_code_name_and_year(strange, client_of):
    client = client_of("yusuan")

    def codes(query):
        return [row.record.organisation.code for row in client.get(f"/?{query}").context["table"].rows]

    assert codes("q=777") == ["777", "777001"]
    assert codes("q=科技") == ["566", "566001"]
    assert codes("q=777&year=2024") == ["777", "777001"]
    assert "没有符合条件的行" in client.get("/?q=没有").text
    assert "777001" in client.get("/?q=777&format=csv").content.decode("utf-8-sig")


def test_the_four_figures_and_last_year(clerk):
    figures = {one.label: one for one in clerk.get(AT).context["figures"]}
    assert {label: (one.amount, one.was, one.change) for label, one in figures.items()} == {
        "支出总计": ("393.52", "242.73", "增加 150.79（62.12%）"),
        "基本支出": ("200.52", "上年数缺", ""),
        "项目支出": ("193.00", "上年数缺", ""),
        "“三公”经费": ("0.20", "0.22", "减少 0.02（9.09%）"),
    }
    assert figures["“三公”经费"].falls
    for one in figures.values():
        assert clerk.get(one.url).status_code == 200


def test_units_that_lack_the_stage_are_named(client_of):
    make_budget("566002", stage="first")
    assert "测试单位566002" in client_of("zhuguan").get("/566/2024/second/").text
    assert "缺报单位" not in client_of("zhuguan").get("/566001/2024/second/").text


def test_the_unit_of_amounts_is_kept_for_the_person_only(clerk, budget):
    before = budget.version
    response = clerk.post(
        "/preferences/amount-unit/", {"amount_unit": "元", "next": f"{AT}tables/expenditure/?row=total"}
    )
    assert response.headers["Location"] == f"{AT}tables/expenditure/?row=total"
    assert User.objects.get(username="jingban").amount_unit == "元"
    assert clerk.get(AT).context["figures"][0].amount == "3,935,200.00"
    assert "单位：元" in clerk.get(f"{AT}tables/expenditure/").text
    assert clerk.get(f"{AT}tables/expenditure/?format=json").json()["tables"][0]["unit"] == "万元"
    budget.refresh_from_db()
    assert budget.version == before


def test_the_unit_of_amounts_is_one_of_two_and_leads_nowhere_else(clerk):
    assert clerk.post("/preferences/amount-unit/", {"amount_unit": "亿元"}).status_code == 400
    for elsewhere in ("https://example.com/", "//example.com/", "javascript:alert(1)", ""):
        response = clerk.post("/preferences/amount-unit/", {"amount_unit": "元", "next": elsewhere})
        assert response.headers["Location"] == "/"
    assert clerk.get("/preferences/amount-unit/").status_code == 405
