"""Saving the grid: lines, half-typed rows, items by name, proposals, and nothing typed is lost."""

import uuid
from decimal import Decimal

from django.test import Client

from budget import writing
from budget.models import Budget, DraftRow, Item, Line
from records import history
from records.models import ChangeRecord, SavedOperation
from tests.factories import fingerprint, make_budget, make_item, make_line, make_user
from tests.grids.speaking import AT, Grid, cells, new_id, total


def test_a_complete_row_is_a_line_and_comes_back_as_it_is_shown(grid, budget):
    told = grid.save({"id": (row_id := new_id()), "seen": "", "cells": cells(amount=" １,234.50 ")})
    [row] = told["rows"]
    assert row["id"] == row_id and row["state"] == "line" and row["errors"] == {}
    assert row["cells"]["amount"] == "1,234.50"
    assert row["cells"]["economic"] == "30201 办公费"
    assert row["followed"] == ["government"] and row["cells"]["government"] == "50201 办公经费"
    line = Line.objects.get(uid=uuid.UUID(row_id))
    assert line.amount == Decimal("12345000.00") and line.item.nature == "行政"
    assert total(told) == 1_234_500_000


def test_a_half_typed_row_is_kept_as_typed_and_is_no_line_until_it_is_whole(grid):
    [row] = grid.add({"category": "人员类", "name": "奖金", "amount": "1O5"})
    assert row["state"] == "draft" and row["dims"] is None
    assert set(row["errors"]) == {"function", "economic", "amount"}
    assert "含字母O，是否应为0" in row["errors"]["amount"][0]
    assert not Line.objects.exists() and not Item.objects.exists()
    assert grid.rows()[row["id"]]["cells"]["amount"] == "1O5"
    row = grid.change(row, function="2060101", economic="30103")
    assert row["state"] == "draft" and set(row["errors"]) == {"amount"}
    row = grid.change(row, amount="105")
    assert row["state"] == "line"
    assert Line.objects.get().uid.hex == row["id"] and not DraftRow.objects.exists()


def test_a_new_row_begins_with_the_fund_the_forms_begin_with_and_an_emptied_cell_stays_empty(grid):
    [fund] = [column for column in grid.state()["columns"] if column["key"] == "fund"]
    assert fund["default"] == "一般公共预算"
    [row] = grid.add(cells(fund=""))
    assert row["state"] == "line" and row["cells"]["fund"] == "一般公共预算" and "fund" in row["followed"]
    row = grid.change(row, fund="")
    assert row["state"] == "draft" and row["errors"] == {"fund": ["请填写资金性质。"]}
    told = grid.save({"id": new_id(), "seen": "", "cells": {"name": " "}})
    assert told["rows"] == [] and told["unfinished"]["rows"] == 1, "a blank row is none, whatever rows begin with"


def test_a_line_made_wrong_leaves_the_totals_says_so_and_loses_nothing(grid):
    [row] = grid.add(cells())
    told = grid.save({"id": row["id"], "seen": row["version"], "cells": {"economic": "302"}})
    [row] = told["rows"]
    assert row["state"] == "draft" and "不是末级科目" in row["errors"]["economic"][0]
    assert "不再计入合计" in told["notices"][0] and total(told) == 0
    assert told["unfinished"] == {"rows": 1, "fen": "1810000"}
    assert grid.change(row, economic="30202")["state"] == "line"
    assert Line.objects.get().amount == Decimal(18100)


def test_what_a_line_has_beside_the_columns_shown_survives_being_a_draft_row(grid):
    [row] = grid.add(cells())
    Line.objects.update(is_procurement=True)
    row = grid.change(grid.change(row, amount="x"), amount="2")
    assert Line.objects.get().is_procurement


def test_an_emptied_row_goes_and_comes_back_under_its_name(grid):
    [row] = grid.add(cells())
    blank = dict.fromkeys(row["cells"].keys() - {"last_year", "change"}, "")
    told = grid.save({"id": row["id"], "seen": row["version"], "cells": blank})
    assert told["removed"] == [row["id"]] and told["rows"] == []
    assert not Line.objects.exists() and not Item.objects.exists()
    [again] = grid.save({"id": row["id"], "seen": "", "cells": cells()}, via="undo")["rows"]
    assert again["id"] == row["id"] and again["version"] != row["version"]


def test_a_blank_new_row_is_not_stored(grid):
    told = grid.save({"id": new_id(), "seen": "", "cells": {"category": " "}})
    assert told["rows"] == told["removed"] == []
    assert not ChangeRecord.objects.exists()


# ---- items


def test_new_rows_of_one_save_that_name_the_same_new_item_share_it(grid):
    grid.add(cells(), cells(economic="30202"), cells(economic="30205"))
    assert Item.objects.get().lines.count() == 3


def test_an_item_whose_only_row_is_renamed_is_renamed_and_keeps_its_identity(grid):
    [row] = grid.add(cells())
    uid = Item.objects.get().uid
    grid.change(row, name="印刷费（行政）")
    assert Item.objects.get().uid == uid and Item.objects.get().name == "印刷费（行政）"


def test_a_row_moves_to_the_item_it_names_while_others_stay(grid):
    _, second = grid.add(cells(), cells(economic="30202"))
    row = grid.change(second, name="印刷费")
    assert sorted(Item.objects.values_list("name", flat=True)) == ["办公费（行政）", "印刷费"]
    assert row["id"] == second["id"] and row["state"] == "line"
    grid.change(row, name="办公费（行政）")
    assert Item.objects.get().lines.count() == 2, "an item that no row names any more goes"


def test_all_rows_renamed_at_once_rename_the_item(grid):
    rows = grid.add(cells(), cells(economic="30202"))
    uid = Item.objects.get().uid
    grid.save(*({"id": row["id"], "seen": row["version"], "cells": {"name": "日常公用"}} for row in rows))
    assert Item.objects.get().uid == uid and Item.objects.get().name == "日常公用"


def test_an_item_stays_as_long_as_a_half_typed_row_names_it(grid):
    [row] = grid.add(cells())
    uid = Item.objects.get().uid
    row = grid.change(row, amount="")
    assert Item.objects.get().uid == uid
    assert grid.change(row, amount="3", name="改名")["state"] == "line"
    assert Item.objects.get().uid == uid


def test_the_nature_typed_in_one_row_is_the_items_and_takes_the_government_classes_along(grid):
    first, second = grid.add(cells(name="办公费"), cells(name="办公费", economic="30202"))
    told = grid.save({"id": first["id"], "seen": first["version"], "cells": {"nature": "事业"}})
    assert {row["cells"]["government"] for row in told["rows"]} == {"50502 商品和服务支出"}
    assert {row["id"] for row in told["rows"]} == {first["id"], second["id"]}
    assert "另外1行一起改" in told["notices"][0]


def test_a_new_row_that_gives_its_item_another_nature_waits(grid):
    grid.add(cells())
    [row] = grid.add(cells(economic="30202", nature="事业"))
    assert row["state"] == "draft" and "同一项目只能有一个性质" in row["errors"]["nature"][0]


def test_the_government_class_follows_unless_somebody_chose_another(grid):
    [row] = grid.add(cells(category="人员类", name="工资", economic="30101"))
    assert grid.change(row, economic="30201")["cells"]["government"] == "50201 办公经费"
    row = grid.change(grid.row(name="工资"), government="50205")
    assert grid.change(row, economic="30202")["cells"]["government"].startswith("50205")


def test_two_rows_of_the_same_dimensions_the_second_waits_and_follows_when_the_first_goes(grid):
    first, second = grid.add(cells(), cells(amount="2"))
    assert (first["state"], second["state"]) == ("line", "draft")
    assert "请合并金额" in second["errors"][""][0]
    told = grid.save({"id": first["id"], "seen": first["version"], "remove": True})
    [promoted] = told["rows"]
    assert promoted["id"] == second["id"] and promoted["state"] == "line"
    assert told["removed"] == [first["id"]] and total(told) == 2_000_000


def test_rows_may_change_places(grid):
    first, second = grid.add(cells(), cells(economic="30202", amount="2"))
    told = grid.save(
        {"id": first["id"], "seen": first["version"], "cells": {"economic": "30202"}},
        {"id": second["id"], "seen": second["version"], "cells": {"economic": "30201"}},
    )
    assert {row["state"] for row in told["rows"]} == {"line"}
    assert grid.rows()[first["id"]]["cells"]["economic"] == "30202 印刷费"


def test_a_project_is_no_basic_spending(grid, budget):
    [row] = grid.add(cells(category="特定目标类"))
    assert "是项目支出" in row["errors"]["category"][0]


def test_a_project_has_a_grid_of_its_own_and_may_leave_classes_open(clerk, budget):
    project = make_item(budget, "科技经费", "3")
    grid = Grid(clerk, str(project.uid))
    [row] = grid.add({"function": "2060499", "fund": "一般公共预算", "amount": "3", "is_procurement": "是"})
    assert row["state"] == "line" and row["cells"]["economic"] == "未细化"
    assert Line.objects.get().item == project and Line.objects.get().is_procurement
    row = grid.change(row, amount="y")
    assert DraftRow.objects.get().item == project
    assert Grid(clerk).state()["rows"] == []


# ---- versions, operations


def test_the_loser_of_a_race_gets_both_values_and_nothing_is_written(grid, budget, clerk):
    [row, other] = grid.add(cells(), cells(economic="30202"))
    other_person = make_user("clerk", budget.unit, name="王会计")
    Grid(other_person).change(row, amount="2")
    before = fingerprint()
    told = grid.save(
        {"id": row["id"], "seen": row["version"], "cells": {"amount": "3"}},
        {"id": other["id"], "seen": other["version"], "cells": {"amount": "9"}},
        status=409,
    )
    [conflict] = told["conflicts"]
    assert conflict["by"] == "王会计"
    assert conflict["differences"] == [{"column": "amount", "label": "金额", "stored": "2.00", "wanted": "3"}]
    assert fingerprint() == before
    assert grid.change(conflict["stored"], amount="3")["cells"]["amount"] == "3.00"


def test_a_row_taken_away_meanwhile_is_a_conflict_and_can_be_put_back(grid):
    [row] = grid.add(cells())
    grid.save({"id": row["id"], "seen": row["version"], "remove": True})
    told = grid.change(row, amount="3", status=409)
    assert told["conflicts"][0]["stored"] is None
    [back] = grid.save({"id": row["id"], "seen": "", "cells": cells(amount="3")})["rows"]
    assert back["state"] == "line"


def test_a_version_never_comes_back(grid):
    [row] = grid.add(cells())
    draft = grid.change(row, amount="x")
    line = grid.change(draft, amount="2")
    again = grid.change(line, amount="x")
    assert again["version"] != draft["version"]
    grid.change(draft, amount="7", status=409)


def test_a_rename_by_somebody_else_is_no_conflict_for_an_amount(grid):
    first, second = grid.add(cells(), cells(economic="30202"))
    grid.save(*({"id": row["id"], "seen": row["version"], "cells": {"name": "新名"}} for row in (first, second)))
    assert grid.change(second, amount="5")["cells"]["name"] == "新名"
    grid.change(first, name="我的", status=409)


def test_the_same_operation_is_done_once_and_answered_alike(grid):
    operation, change = str(uuid.uuid4()), {"id": new_id(), "seen": "", "cells": cells()}
    told = [grid.save(change, operation=operation) for _ in range(2)]
    assert told[0] == told[1]
    assert Line.objects.count() == 1 and Budget.objects.get().version == 2
    grid.save({**change, "id": new_id()}, operation=operation, status=400)
    assert SavedOperation.objects.count() == 1


def test_every_save_stands_in_the_history(grid, budget):
    [row] = grid.add(cells())
    row = grid.change(row, amount="x")
    row = grid.change(row, amount="2")
    grid.change(row, name="改名")
    assert [(one["before"], one["after"]) for one in grid.history(row, "amount")] == [
        ("x", "2.00"),
        ("1.81", "x"),
        ("", "1.81"),
    ]
    [renamed, _] = grid.history(row, "name")
    assert (renamed["before"], renamed["after"], renamed["via"]) == ("办公费（行政）", "改名", "表格录入")
    assert history.broken(budget.chain) is None


# ---- who, when


def test_what_is_locked_is_not_written(grid, budget):
    [row] = grid.add(cells())
    Budget.objects.update(state="submitted", submitted="2024-01-10T08:00:00Z")
    assert "已送审" in grid.change(row, amount="2", status=423)["reason"]
    assert grid.state()["writable"] is False


def test_who_may_only_look_may_not_save(budget, grid):
    [row] = grid.add(cells())
    reviewer = Grid(make_user("reviewer", budget.unit))
    assert reviewer.change(row, amount="2", status=403)["reason"]
    assert Grid(make_user("clerk", "777001")).save(status=404)["reason"]


def test_an_ended_log_in_is_said_in_json(grid):
    grid.client.logout()
    assert grid.save(status=401)["login"] == "/login/"


def test_a_stale_token_is_said_in_json(grid, clerk):
    grid.client = Client(enforce_csrf_checks=True)
    grid.client.force_login(clerk)
    assert grid.save(status=403)["login"] == ""
    grid.client.logout()
    assert grid.save(status=401)["login"] == "/login/"


def test_the_form_says_that_there_are_rows_it_does_not_show(grid):
    grid.add({"name": "半"})
    assert "另有 1 行未完成" in grid.client.get(f"{AT}basic/form/").content.decode()


def test_a_project_goes_with_its_half_typed_rows(clerk, budget):
    project = make_item(budget, "科技经费", "3")
    Grid(clerk, str(project.uid)).add({"amount": "x"})
    budget.refresh_from_db()
    writing.write(budget, [writing.Remove(Item, project.uid, project.version)], by=None, via="command")
    assert not DraftRow.objects.exists()


def test_who_must_change_the_password_is_told_so_in_json(grid, clerk):
    clerk.must_change_password = True
    clerk.save()
    assert grid.save(status=403)["login"] == "/password/"


MALFORMED = [
    b"",
    b"[]",
    b'"x"',
    b"{}",
    b"\xff",
    b'{"operation": "x", "changes": [], "unit": "\xe5\x85\x83"}',
    b'{"operation": 1, "changes": [1], "unit": ["x"]}',
    b'{"changes": [{"id": "x"}]}',
    b'{"changes": [{"id": "0123456789abcdef0123456789abcdef", "cells": {"amount": 1}}]}',
    b'{"changes": [{"id": "0123456789abcdef0123456789abcdef", "cells": {"budget": "1"}}]}',
    b'{"at": {"column": []}, "text": "x", "unit": "\xe5\x85\x83"}',
    b"[" * 100_000,
]


def test_a_request_of_another_form_is_refused(grid):
    for body in MALFORMED:
        for path in ("save/", "paste/"):
            response = grid.client.post(f"{AT}grid/basic/{path}", body, content_type="application/json")
            assert response.status_code == 400, body[:80]


def test_whatever_is_typed_is_kept(grid):
    for text in ("\0", "\ud800", "\x01", "𠀀" * 100, "😀", "x" * 5000, "\u202e", "a\r\nb"):
        [row] = grid.add({"name": text, "category": "人员类"})
        assert row["state"] == "draft"


# ---- marks


def test_a_copied_row_is_marked_until_somebody_edits_it_or_says_it_is_right(grid, budget):
    item = make_item(budget)
    for economic in ("30201", "30202"):
        make_line(item, 100, economic=economic)
    Line.objects.update(origin="copied")
    DraftRow.objects.create(budget=budget, cells={"name": "半"}, origin="copied")
    first, second, half = grid.state()["rows"]
    assert [row["mark"] for row in (first, second, half)] == ["copied"] * 3
    assert grid.change(first, amount="2")["mark"] == ""
    told = grid.save(*({"id": row["id"], "seen": row["version"], "confirm": True} for row in (second, half)))
    assert [row["mark"] for row in told["rows"]] == ["", ""]
    assert Line.objects.filter(origin="").count() == 2


def test_last_year_stands_beside_this_year(grid, budget):
    before = make_budget(year=2023, stage="second")
    make_line(make_item(before, "办公费（行政）"), 10000)
    same, other = grid.add(cells(amount="3"), cells(economic="30202"))
    assert (same["cells"]["last_year"], same["cells"]["change"]) == ("1.00", "+2.00")
    assert (other["cells"]["last_year"], other["cells"]["change"]) == ("", "+1.81")


def test_the_unit_of_the_page_decides_what_an_amount_means(clerk, budget):
    Grid(clerk, unit="元").add(cells(amount="18100"))
    assert Line.objects.get().amount == Decimal(18100)
    grid = Grid(clerk)
    draft = grid.change(grid.row(name="办公费（行政）"), fund="")
    assert draft["cells"]["amount"] == "1.81"
    assert Grid(clerk, unit="元").rows()[draft["id"]]["cells"]["amount"] == "18,100.00"


def test_rows_stand_by_item_and_codes_and_a_half_typed_one_after_the_row_it_followed(grid):
    first, second = grid.add(cells(economic="30202"), cells(economic="30201"))
    half = new_id()
    grid.save({"id": half, "seen": "", "cells": {"amount": "1"}, "after": second["id"]})
    assert [row["id"] for row in grid.state()["rows"]] == [second["id"], half, first["id"]]
