"""Sentences in other words: previewed, then kept by revision; what the set does not have is refused."""

import pytest
from django.test import Client

from budget.books import select
from budget.models import Campaign
from organisation.models import Unit, User
from publication.document import document_of
from publication.models import TextOverride
from records.models import ChangeRecord
from tests import beginnings

ADD = "/admin/publication/textoverride/add/"


@pytest.fixture
def keeper(db):
    beginnings.demonstration()
    client = Client()
    client.force_login(User.objects.get(username="guanli"))
    return client


def post(client, text, *, preview=False, sentence="totals", case="always"):
    data = {"campaign": Campaign.objects.get().pk, "sentence": sentence, "case": case, "text": text}
    return client.post(ADD, data | ({"is_preview": "on"} if preview else {}))


def text():
    return document_of(select(Unit.objects.get(code="566"), 2024)).narrative.plain()


def test_a_sentence_is_previewed_with_the_figures_of_a_budget_before_it_is_kept(keeper):
    answer = post(keeper, "本年收入{income}，支出{spending}，", preview=True)
    page = answer.content.decode()
    assert "预览（尚未保存）：本年收入393.52万元，支出393.52万元，" in page
    assert "errornote" not in page and "errorlist" not in page  # it is no mistake
    assert not TextOverride.objects.exists()
    assert post(keeper, "本年收入{income}，支出{spending}，").status_code == 302
    assert "本年收入393.52万元，支出393.52万元，与上年相比" in text()


def test_the_newest_revision_counts_and_an_empty_one_restores_the_sentence(keeper):
    before = text()
    for words in ("甲{income}，", "乙{income}，"):
        post(keeper, words)
    assert "乙393.52万元" in text() and "甲393.52万元" not in text()
    post(keeper, "")
    assert text() == before
    assert [one.revision for one in TextOverride.objects.all()] == [3, 2, 1]
    assert ChangeRecord.objects.filter(subject="publication.textoverride").count() == 3


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"text": "收入{nothing}"}, "没有名为“nothing”的数据"),
        ({"text": "收入{income"}, "没有配对"),
        ({"text": "增加{income.change}"}, "没有与上年比较"),
        ({"text": "持平", "case": "same"}, "这句话只有这些情形：任何情况"),
    ],
)
def test_what_the_set_does_not_have_is_refused(keeper, wrong, says):
    answer = post(keeper, **wrong)
    assert says in answer.content.decode()
    assert not TextOverride.objects.exists()


def test_a_sentence_that_is_repeated_can_be_previewed(keeper):
    answer = post(keeper, "重点项目“{label}”{amount}。", preview=True, sentence="key-project")
    assert "重点项目“补充解放区科技贷款贴息专项资金”50.00万元。" in answer.content.decode().replace("&quot;", '"')
