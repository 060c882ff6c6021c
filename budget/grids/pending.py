"""A row of the grid as a save would have it."""

import uuid
from dataclasses import dataclass

from budget.models import Item

from .judging import Judged
from .sheet import Stored, StoredDraft, StoredLine


@dataclass
class Pending:
    """A row as it is to be. `typed`: the columns that were changed now; `target`: the item its line hangs on."""

    uid: uuid.UUID
    stored: Stored | None
    judged: Judged
    typed: frozenset[str] = frozenset()
    after: uuid.UUID | None = None
    target: Item | None = None
    is_confirmed: bool = False
    moves_along: bool = False  # nobody typed in it: it follows its item, or what was in its way is gone

    @property
    def line(self) -> StoredLine | None:
        return self.stored if isinstance(self.stored, StoredLine) else None

    @property
    def draft(self) -> StoredDraft | None:
        return self.stored if isinstance(self.stored, StoredDraft) else None
