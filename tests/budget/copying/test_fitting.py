"""Parts in bins: exact always, certain only where sums leave one way."""

import random

import pytest

from budget.copying.fitting import fit, subsets


def anywhere(part, slot):
    return True


def alike(part, slot):
    return 0


def sums(placed, places, index):
    return [sum(one.amount for one in placed if one[index] == at) for at in range(places)]


def test_one_way_is_certain():
    placed, left = fit([5, 7, 11], [12, 11], anywhere, alike)
    assert not left and all(one.is_certain for one in placed)
    assert {(one.part, one.bin) for one in placed} == {(0, 0), (1, 0), (2, 1)}


def test_two_ways_are_a_presumption_and_the_likelier_is_taken():
    placed, _ = fit([5, 5], [5, 5], anywhere, lambda part, slot: part == slot)
    assert not any(one.is_certain for one in placed)
    assert {(one.part, one.bin) for one in placed} == {(0, 0), (1, 1)}


def test_what_may_not_stand_there_makes_the_rest_certain():
    placed, _ = fit([5, 5], [5, 5], lambda part, slot: part == slot, alike)
    assert all(one.is_certain for one in placed)


def test_a_part_is_split_where_no_bin_takes_it_whole():
    placed, left = fit([246], [186, 10, 50], anywhere, alike)
    assert not left and sorted(one.amount for one in placed) == [10, 50, 186]


@pytest.mark.parametrize("seed", range(30))
def test_every_sum_is_kept(seed):
    chance = random.Random(seed)
    parts = [chance.randint(1, 500) for _ in range(chance.randint(1, 25))]
    cuts = sorted(chance.randint(0, sum(parts)) for _ in range(chance.randint(0, 10)))
    bins = [end - begin for begin, end in zip([0, *cuts], [*cuts, sum(parts)], strict=True)]
    placed, left = fit(parts, bins, lambda part, slot: (part + slot) % 3 > 0, lambda part, slot: (part * slot) % 5)
    assert not left and sums(placed, len(parts), 0) == parts and sums(placed, len(bins), 1) == bins


def test_what_finds_no_room_is_told():
    placed, left = fit([5, 9], [5], anywhere, alike)
    assert [one.amount for one in placed] == [5] and left == {1: 9}


def test_a_search_that_is_cut_short_says_so():
    found, is_all = subsets([(at, 2) for at in range(40)], 41)
    assert found == [] and not is_all
