"""Every rule: a case that passes, one that fails, 0.01 on each side where it is an identity, and the control."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings

from budget.checking import matter_of
from budget.reporting import rules
from budget.reporting.rules import Severity, Status
from budget.reporting.truths import RecordRule
from publication.sets.henan_jiaozuo_2024 import HENAN_JIAOZUO_2024
from tests.plain_books import book_of, budgets

from .cases import CASES, EDGES, UNLIKE
from .matters import HUNDREDTH, base, every_cell, fired, outcome, pairs_of, planted, with_lists

CATALOGUE = rules.catalogue()
IDENTITIES = [key for key in CATALOGUE if key[0] in "XA" and key not in CASES]


def fails(matter, key: str) -> bool:
    return outcome(matter, key).status is Status.FAILED


# ---- consistency


def test_every_rule_is_tested_and_every_case_has_its_rule():
    assert {*IDENTITIES, *CASES} == set(CATALOGUE)
    assert len(CATALOGUE) >= 80


def test_every_rule_says_what_it_is_and_where_it_comes_from():
    for one in CATALOGUE.values():
        assert one.title and one.source and one.heading in rules.Heading, one.id
        assert one.checks, one.id
    assert rules.problems({name for one in CATALOGUE.values() for name in one.sources}) == []


def test_an_unknown_name_is_an_error_at_start_up():
    wrong = rules.Rule(
        "Z99", "不存在的名称", Severity.ERROR, rules.Heading.TRUE, "无", CATALOGUE["X01"].checks, ("Z98",)
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rules, "_rules", {"Z99": wrong, "L01": CATALOGUE["L01"]})
        found = rules.problems(())
    assert "rule Z99: no rule is called Z98" in found
    assert "rule L01: no source is called checked_lines" in found


def test_the_same_id_twice_is_refused():
    with pytest.raises(ValueError, match="X01"):
        rules.rule("X01", "另一条", source="无")


# ---- passing, failing


@pytest.mark.parametrize("key", [key for key in CATALOGUE if key not in UNLIKE])
def test_a_rule_passes_where_all_is_well(key):
    matter = CASES[key].applies(base()) if key in CASES else base()
    found = outcome(matter, key)
    assert found.status is Status.PASSED, (found.reason, [one.message for one in found.findings])
    assert found.compared


@pytest.mark.parametrize("key", CASES)
def test_a_rule_fails_on_its_fault(key):
    found = outcome(CASES[key].fault(base()), key)
    assert found.status is Status.FAILED
    for one in found.findings:
        assert one.message and one.subject and one.severity
        assert one.left is not None or one.spots


@pytest.mark.parametrize("key", EDGES)
def test_a_limit_is_held_to_the_last_step(key):
    within, beyond = EDGES[key]
    assert not fails(within.fault(base()), key)
    assert fails(beyond.fault(base()), key)


def ends(pairs):
    """The first, the middle and the last pair that has cells to plant a fault in."""
    both = [pair for pair in pairs if any(exists(base(), cell) for side in pair for cell in side)]
    return [both[at] for at in sorted({0, len(both) // 2, len(both) - 1})]


@pytest.mark.parametrize("key", IDENTITIES)
def test_a_hundredth_on_either_side_is_found(key):
    matter = base()
    for left, right in ends(pairs_of(key, matter)):
        for sides in ((left, right), (right, left)):
            cell = next((one for one in sides[0] if one not in sides[1] and exists(matter, one)), None)
            if cell is None:  # the other side is made of lines, or the row is in one of the tables only
                continue
            changed = [planted(matter, cell, step) for step in (HUNDREDTH, -HUNDREDTH)]
            failing = [fails(one, key) for one in changed]
            # an identity fails both ways; “no more than” one way, and not at all below its limit
            assert any(failing) or is_at_most(matter, left, right), (key, cell)
            for one, has_failed in zip(changed, failing, strict=True):
                if has_failed:
                    found = outcome(one, key).findings
                    assert any(abs(each.difference or HUNDREDTH) == HUNDREDTH for each in found)


def exists(matter, cell) -> bool:
    try:
        matter.grid(cell[0]).row(cell[1], matter.grid(cell[0]).columns[matter.grid(cell[0]).column_at(cell[2])].half)
    except KeyError:
        return False
    return True


def is_at_most(matter, left, right) -> bool:
    return sum(matter.grid(t).fen(r, c) for t, r, c in left) != sum(matter.grid(t).fen(r, c) for t, r, c in right)


@pytest.mark.parametrize("key", [*CASES, *IDENTITIES])
def test_control_without_its_rule_a_fault_is_not_found(key, monkeypatch):
    matter = CASES[key].fault(base()) if key in CASES else faulty(key)
    assert key in {one.rule.id for one in rules.run(matter) if one.findings}
    monkeypatch.setattr(rules, "_rules", {name: one for name, one in CATALOGUE.items() if name != key})
    assert key not in {one.rule.id for one in rules.run(matter) if one.findings}


def faulty(key: str):
    """A matter with a figure of the rule's own one hundredth off."""
    matter = base()
    for left, right in ends(pairs_of(key, matter)):
        for cell in (*left, *right):
            for step in (HUNDREDTH, -HUNDREDTH) if exists(matter, cell) else ():
                if fails(found := planted(matter, cell, step), key):
                    return found
    raise AssertionError(f"{key}: no cell makes it fail")


@pytest.mark.parametrize("before, limit", [(10_000_000, 1_000_000), (1_000_000_000, 5_000_000)])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_change_beyond_either_limit_of_the_campaign_needs_a_reason(before, limit, sign):
    """10 % of the one, 5万元 of the other: up to it a hint, one 分 beyond a warning."""
    for change, severity in ((limit, Severity.HINT), (limit + 1, Severity.WARNING)):
        said = [base().lists["compared"][0]._replace(now=before + sign * change, before=before, reason="")]
        assert {one.severity for one in outcome(with_lists(base(), compared=said), "R02").findings} == {severity}


# ---- exactly the rules concerned


@pytest.mark.parametrize("key", CASES)
def test_a_fault_is_found_by_its_rule_and_the_rules_related_to_it_alone(key):
    """Of identities the drill does so for every cell of the document; of all other rules here, of whatever severity."""
    well = CASES[key].applies(base())
    before = {one.rule.id for one in rules.run(well) if one.findings}
    found = {one.rule.id for one in rules.run(CASES[key].fault(base())) if one.findings} - before
    related = {*CATALOGUE[key].related, *(name for name, one in CATALOGUE.items() if key in one.related)}
    assert key in found and found <= {key, *related}


TABLES = ("revenue_and_expenditure", "expenditure", "general_basic_by_economic", "three_public", "agency_operating")


def test_a_planted_fault_is_found_by_exactly_the_rules_that_hold_its_cell():
    matter = base()
    concerned: dict = {}
    for key in IDENTITIES:
        for left, right in pairs_of(key, matter):
            for cell in {*left, *right}:
                if (cell in left) != (cell in right):
                    concerned.setdefault(cell, set()).add(key)
    cells = list(every_cell(matter, TABLES))
    assert len(cells) > 100
    for cell in cells[::7]:
        found = {key for step in (HUNDREDTH, -HUNDREDTH) for key in fired(planted(matter, cell, step))}
        assert found and found <= concerned[cell] | {"X12"}, (cell, found)


def test_every_figure_of_a_document_is_held_by_some_rule():
    matter = base()
    tables = [placed.table for placed in HENAN_JIAOZUO_2024.tables]
    unseen = [cell for cell in list(every_cell(matter, tables))[::11] if not fired(planted(matter, cell, HUNDREDTH))]
    assert unseen == []


# ---- laws


@given(budgets(fitting=True, tidy=True))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_no_identity_fails_for_any_budgets(plain):
    matter = matter_of(book_of(plain, HENAN_JIAOZUO_2024))
    found = [each for key in (*IDENTITIES, "A03", "X24") for each in outcome(matter, key).findings]
    assert [(one.rule.id, one.message) for one in found] == []


def test_a_table_that_the_set_lacks_makes_its_rules_not_applicable():
    from publication.sets.mof_minimum import MOF_MINIMUM
    from tests.plain_books import reference

    matter = matter_of(book_of(reference(), MOF_MINIMUM))
    lacks = MOF_MINIMUM.placed("agency_operating") is None
    found = outcome(matter, "X19")
    assert found.status is (Status.NOT_APPLICABLE if lacks else Status.PASSED)
    assert not lacks or found.reason.startswith("表套没有")
    assert not [one for one in rules.run(matter, [CATALOGUE[key] for key in IDENTITIES]) if one.findings]


def test_what_is_not_checked_is_no_pass():
    matter = replace(base(), lists={})
    for one in rules.run(matter):
        if one.rule.sources and not one.rule.tables:
            assert one.status is Status.NOT_APPLICABLE and one.reason, one.rule.id


def test_within_what_printing_takes_off_a_difference_is_a_hint():
    matter = replace(base(), half_step=HUNDREDTH // 2)
    cell = ("expenditure", "total", "total")
    assert "X05" not in fired(planted(matter, cell, HUNDREDTH))
    assert "X05" in fired(planted(matter, cell, HUNDREDTH), Severity.HINT)
    assert "X05" in fired(planted(matter, cell, 3 * HUNDREDTH))


# ---- asked once for many


RECORD_RULES = [(key, check) for key, one in CATALOGUE.items() for check in one.parts if isinstance(check, RecordRule)]
BY = [(key, check) for key, check in RECORD_RULES if check.by]
SAID = {
    "level_1": ("产出指标", "效益指标", "满意度指标"),
    "name": ("及时率", "培训人数", "长" * 31),
    "value": ("及时率", "95%", "3", ""),
    "operator": ("≥", "", "定性"),
    "measure": ("人", ""),
}


@pytest.mark.parametrize(("key", "check"), BY, ids=[key for key, _ in BY])
def test_what_is_asked_once_for_like_records_is_what_each_would_answer(key, check):
    """Records that differ in one field only: what the rule decides by is all in the fields it names."""
    one = base().lists["project_indicators"][0]
    every = [{**one, **dict(zip(SAID, values, strict=True))} for values in product(*SAID.values())]
    alone = replace(check, by=())
    for record in every:
        for field, values in SAID.items():
            matter = with_lists(base(), project_indicators=[record, *({**record, field: value} for value in values)])
            tallies = rules.Tally(), rules.Tally()
            assert list(check.look(matter, tallies[0])) == list(alone.look(matter, tallies[1]))
            assert tallies[0].compared == tallies[1].compared
