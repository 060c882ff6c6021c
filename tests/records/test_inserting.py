"""Rows put in by column say what they were given, whatever is in them; on both databases."""

import uuid

import pytest

from records import history
from records.models import ChangeRecord

ODD = [
    "",
    "NULL",
    "null",
    "{a,b}",
    '"引号"',
    "'单引号'",
    "反斜\\杠",
    "制表\t行\n尾",
    "分\x1f隔",
    "%s 百分之%",
    "，。",
    " ",
]


@pytest.mark.django_db
@pytest.mark.parametrize("labels", [ODD, [one for one in ODD if "\x1f" not in one], ["办公费"] * 3, ["单独一条"]])
def test_what_is_put_in_comes_back(labels):
    afters = [None, {}, {"name": "a'b\\c\"d", "amount": "1.00"}, {"text": "null"}]
    given = [
        history.Happened("add", "budget.line", uuid.uuid4(), label, None, afters[at % len(afters)])
        for at, label in enumerate(labels)
    ]
    history.append("chain", given, by=None, via="import")
    stored = list(ChangeRecord.objects.filter(chain="chain").order_by("sequence"))
    assert [(one.label, one.subject_uid, one.before, one.after) for one in stored] == [
        (one.label, one.subject_uid, one.before, one.after) for one in given
    ]
    assert {(one.via, one.by_id, one.address, one.unit_id) for one in stored} == {("import", None, None, None)}
    assert [one.sequence for one in stored] == list(range(1, len(labels) + 1))
    assert history.broken("chain") is None
