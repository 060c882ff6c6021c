"""The whole product: every address × every person × every unit × every method × every query."""

import pytest

from tests.web.rights import findings
from tests.web.rights_world import make_world


@pytest.mark.django_db
def test_nobody_gets_further_than_their_role():
    world = make_world()
    assert findings(world, world.people, full=True) == []
