"""The history is a chain: whoever touches one record breaks it."""

import pytest
from django.db import transaction

from budget import locks
from records.history import Happened, append, broken
from records.models import ChangeRecord
from tests.factories import make_user

pytestmark = pytest.mark.django_db
UID = "5b0f6a5e-3a53-4b57-9d3a-6c1f3f6f9b11"


def add(number: int, chain: str = "test"):
    for at in range(number):
        with transaction.atomic():
            append(chain, [Happened("add", "x.y", UID, f"第{at}行", None, {"amount": "1.00"})], by=None, via="form")


def test_records_of_a_chain_are_numbered_and_linked():
    add(3)
    first, second, third = ChangeRecord.objects.filter(chain="test")
    assert [first.sequence, second.sequence, third.sequence] == [1, 2, 3]
    assert (second.previous_hash, third.previous_hash) == (first.hash, second.hash)
    assert broken("test") is None


def test_who_did_it_is_kept_in_words_too():
    user = make_user(name="王经办")
    append("test", [Happened("add", "x.y", UID, "一行", None, {})], by=user, via="grid", address="127.0.0.1")
    record = ChangeRecord.objects.get()
    assert (record.by, record.by_name, record.via, record.address) == (user, "王经办", "grid", "127.0.0.1")


@pytest.mark.parametrize(
    "tamper",
    [
        lambda rows: rows.filter(sequence=2).update(after={"amount": "9.00"}),
        lambda rows: rows.filter(sequence=2).update(by_name="别人"),
        lambda rows: rows.filter(sequence=2).delete(),
        lambda rows: rows.filter(sequence=1).delete(),
        lambda rows: rows.filter(sequence=2).update(hash="0" * 64),
    ],
)
def test_a_touched_chain_does_not_hold(tamper):
    add(3)
    with locks.lifted():
        tamper(ChangeRecord.objects.filter(chain="test"))
    assert broken("test") in (1, 2)


def test_chains_know_nothing_of_each_other():
    add(2, "one")
    add(2, "other")
    assert list(ChangeRecord.objects.values_list("chain", "sequence")) == [
        ("one", 1),
        ("one", 2),
        ("other", 1),
        ("other", 2),
    ]
