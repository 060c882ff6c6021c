"""The predicate language: what it holds for, and what it prints as."""

import json

import pytest
from hypothesis import given, settings

from budget.reporting.where import ANYTHING, CODES, NOTHING, Where, any_of, from_json
from tests.predicates import facts, predicates

quick = settings(max_examples=200, deadline=None, derandomize=True)


def holds(printed, fact) -> bool:
    """What a predicate printed as JSON means, said a second time."""
    if "all" in printed:
        return all(holds(part, fact) for part in printed["all"])
    if "any" in printed:
        return any(holds(part, fact) for part in printed["any"])
    if "not" in printed:
        return not holds(printed["not"], fact)
    for name, values in printed.items():
        if name in CODES:
            if not any(fact[name][: len(value)] == value if value else fact[name] == "" for value in values):
                return False
        elif fact[name] not in values:
            return False
    return True


@given(predicates, facts)
@quick
def test_a_predicate_holds_as_its_words_say(where, fact):
    assert where.matches(**fact) is holds(where.as_json(), fact)


@given(predicates, predicates, facts)
@quick
def test_and_or_not_are_those_of_python(one, other, fact):
    here, there = one.matches(**fact), other.matches(**fact)
    assert (one & other).matches(**fact) is (here and there)
    assert (one | other).matches(**fact) is (here or there)
    assert (~one).matches(**fact) is (not here)
    assert any_of([one, other, one]).matches(**fact) is (here or there)


@given(predicates)
@quick
def test_json_and_back_is_the_same_predicate(where):
    assert from_json(json.loads(json.dumps(where.as_json()))) == where
    assert hash(from_json(where.as_json())) == hash(where)


@given(predicates, facts)
@quick
def test_only_the_dimensions_that_it_names_matter(where, fact):
    named = {name: value for name, value in fact.items() if name in where.dimensions}
    assert where.matches(**named) is where.matches(**fact)


def test_a_code_holds_everything_below_it():
    assert Where(economic="302").matches(economic="30201")
    assert Where(economic="302").matches(economic="302")
    assert not Where(economic="30201").matches(economic="302")
    assert not Where(economic="302").matches(economic="13020")


def test_a_unit_holds_only_itself():
    assert not Where(unit="566").matches(unit="566001")


def test_the_empty_code_is_no_prefix_of_the_others():
    assert Where(function="").matches(function="")
    assert not Where(function="").matches(function="2060101")
    assert Where(function=("", "208")).matches(function="2080505")


def test_several_values_mean_any_of_them():
    where = Where(fund=("11", "2"), carried_over=(True, False))
    assert where.matches(fund="11112", carried_over=True)
    assert not where.matches(fund="31", carried_over=True)


def test_anything_and_nothing():
    assert ANYTHING.matches()
    assert not NOTHING.matches()
    where = Where(fund="11")
    assert where & ANYTHING == where == ANYTHING & where
    assert where | NOTHING == where == NOTHING | where
    assert where | ANYTHING == ANYTHING
    assert any_of([]) == NOTHING
    assert ~~where == where


def test_equal_predicates_are_one_key():
    assert Where(fund="11", unit="566001") == Where(unit="566001", fund=["11"])
    assert len({Where(fund="11"), Where(fund=("11",)), Where(fund="12")}) == 2


@pytest.mark.parametrize("wrong", [{"economic": 302}, {"fund": ()}, {"function": None}, {"economic": ("302", 303)}])
def test_a_value_that_is_no_code_is_refused(wrong):
    with pytest.raises(ValueError, match="Where"):
        Where(**wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        [],
        "fund",
        {"fund": "11"},
        {"fund": []},
        {"all": [], "fund": ["11"]},
        {"any": [3]},
        {"not": 1},
        {"all": {}},
    ],
)
def test_what_is_no_predicate_is_refused(wrong):
    with pytest.raises(ValueError, match=r"predicate|Where"):
        from_json(wrong)


def test_a_dimension_that_the_facts_lack_is_an_error():
    with pytest.raises(ValueError, match="economic"):
        Where(economic="302").matches(fund="11")
