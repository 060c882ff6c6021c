"""Predicates and facts by chance, for the language's meaning in Python and in SQL."""

from hypothesis import strategies as st

from budget.reporting.where import And, Not, Or, Where

VALUES = {
    "department": ["566", "567"],
    "unit": ["566001", "566002", "566"],
    "category": ["1", "21", "22", "2", "3"],
    "function": ["", "206", "20601", "2060101", "208", "2080505", "0000000"],
    "economic": ["3", "302", "30217", "30239", "301", "00000"],
    "government": ["501", "50201", "50", "00000"],
    "fund": ["1", "11", "11111", "2", "39"],
    "carried_over": [True, False],
    "spent": [True, False],
}
facts = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in VALUES.items()})
_tests = st.fixed_dictionaries(
    {}, optional={name: st.lists(st.sampled_from(values), min_size=1, max_size=3) for name, values in VALUES.items()}
)
predicates = st.recursive(
    st.one_of(
        _tests.map(lambda tests: Where(**tests)),
        st.sampled_from([(name, value) for name, values in VALUES.items() for value in values]).map(
            lambda pair: Where(**dict([pair]))
        ),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: And(tuple(parts))),
        st.lists(inner, max_size=3).map(lambda parts: Or(tuple(parts))),
        inner.map(Not),
    ),
    max_leaves=8,
)
