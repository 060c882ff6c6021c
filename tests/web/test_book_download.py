"""The whole book is given out only when every 分 of it stands in a row and a column."""

import pytest

from tests.factories import make_item, make_line
from tests.web.conftest import AT

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("form", ["xlsx", "csv", "json"])
def test_a_book_with_money_in_no_column_is_not_given_out(form, client_of, budget):
    client = client_of("jingban")
    assert client.get(f"{AT}tables/?format={form}").status_code == 200
    item = make_item(budget, "对企业的补贴", "21")
    make_line(item, 10000, economic="31204", government="50701")
    response = client.get(f"{AT}tables/?format={form}")
    assert response.status_code == 409
    assert "未归列" in response.content.decode()
    assert client.get(f"{AT}tables/expenditure/?format=xlsx").status_code == 200
