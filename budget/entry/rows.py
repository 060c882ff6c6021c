"""Rows of a draft as a person types them: one form a row, a set of them, and what of it is a change.

A row posts, beside its fields, a stamp: the version it saw and a digest of every field as it was shown. So it is known
which fields the person changed, and nothing else can conflict with what somebody else has written meanwhile.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

from django import forms
from django.core.exceptions import BadRequest
from django.forms.utils import ErrorDict

from budget.models import BudgetOwned
from budget.writing import Add, Change, Conflict, Edit, Remove

if TYPE_CHECKING:
    from .row_sets import RowSet


STAMP = re.compile(r"(n|\d{1,9})\.((?:[0-9a-f]{8})*)\.([0-9a-z]{0,32})")
KEY = r"[0-9a-z]{4,32}"
MINE, THEIRS = "mine", "theirs"
NOTHING = "00000000"
BLANK_KEY = "xxxxxx"  # of the row that the browser copies


@dataclass(frozen=True)
class Disagreement:
    """A field of which two people want different things, as text."""

    label: str
    stored: str
    typed: str


class RowForm(forms.Form):
    """A row of `model`: its fields are the model's by name, and EntryFields all."""

    model: type[BudgetOwned]
    label_field = ""  # the field whose text names the row in messages
    essential = ""  # the field without which a stored row goes

    def __init__(self, rows: "RowSet", key: str, *, stored=None, posted=None, parent: str = "", defaults=None):
        prefix = f"{rows.name}_{key}"
        super().__init__(prefix=prefix, use_required_attribute=False)
        self.rows, self.key, self.stored, self.parent = rows, key, stored, parent
        self.draft = rows.draft
        for name in rows.without:
            self.fields.pop(name, None)
        for field in self.fields.values():
            field.learn(self.draft)
        self.uid = stored.uid if stored else rows.new_uid(key)
        self.seen = stored.version if stored else None
        self.is_new = stored is None
        self.shown = self.initial = self._texts(stored, defaults or {})
        self.was = {name: _digest(text) for name, text in self.shown.items()}
        self.changed: set[str] = set()
        self.disagreements: list[Disagreement] | None = None
        self.is_removed = self.is_waiting = False
        self.choice = ""
        if posted is not None:
            self.data, self.is_bound = self._take(posted), True

    def _texts(self, stored, defaults: dict) -> dict[str, str]:
        if stored is None:
            return {name: defaults.get(name, "") for name in self.fields}
        return {name: field.show(getattr(stored, name)) for name, field in self.fields.items()}

    def _take(self, posted) -> dict[str, str]:
        """What was posted for this row; fields that the person left alone show what is stored now."""
        prefix = self.prefix
        stamp = STAMP.fullmatch(posted.get(f"{prefix}-row", ""))
        if stamp is None:
            raise BadRequest("行标记不正确")
        seen, digests, self.parent = stamp.groups()
        was = dict(zip(self.fields, re.findall(".{8}", digests), strict=False))
        typed = {name: posted.get(f"{prefix}-{name}", "").replace("\r\n", "\n") for name in self.fields}
        self.changed = {name for name, text in typed.items() if was.get(name) != _digest(text)}
        self.is_new = seen == "n" and self.stored is None
        if self.stored is not None:
            typed.update({name: text for name, text in self.shown.items() if name not in self.changed})
        as_posted = self.changed if self.stored is not None else self.fields
        self.was.update({name: was.get(name, NOTHING) for name in as_posted})
        if not self.is_new:
            # a new row that is stored already was saved by this very form, or is another person's: then they disagree
            self.seen = int(seen) if seen != "n" and self.rows.is_same_draft else 0
        self.is_removed = f"{prefix}-delete" in posted
        self.is_waiting = f"{prefix}-waiting" in posted
        self.choice = posted.get(f"{prefix}-keep", "")
        return {f"{prefix}-{name}": text for name, text in typed.items()}

    def __str__(self):
        return self.typed(self.label_field) if self.label_field else ""

    @property
    def stamp(self) -> str:
        seen = "n" if self.seen is None else self.seen
        return f"{seen}.{''.join(self.was[name] for name in self.fields)}.{self.parent}"

    @property
    def is_blank(self) -> bool:
        """A new row that the person left alone."""
        return self.is_new and not self.changed

    def typed(self, name: str) -> str:
        return self.data.get(f"{self.prefix}-{name}", "") if self.is_bound else self.shown.get(name, "")

    def settle(self) -> None:
        """Apply the choice between what is stored and what was typed, if there was one to make."""
        if not self.is_waiting or self.choice not in (MINE, THEIRS):
            return
        self.is_waiting = False
        if self.choice == THEIRS:
            self.is_removed = False
            self.changed = set()
            self.data = {f"{self.prefix}-{name}": text for name, text in self.shown.items()}
            if self.is_new:
                self.was = {name: _digest("") for name in self.fields}
                self.is_removed = True

    def forget_errors(self) -> None:
        """Show what was typed without judging it yet."""
        self._errors = ErrorDict()

    def clean(self):
        """A field of a stored row that the person left alone is nobody's error."""
        if self.stored is not None:
            for name in list(self._errors):
                if name not in self.changed:
                    del self._errors[name]
        name = self.essential
        self.goes = bool(name) and name not in self.errors and self.cleaned_data.get(name) in (None, "")
        if self.goes and any(value not in (None, "", False) for value in self.cleaned_data.values()) and self.is_new:
            self.add_error(name, f"请填写{self.fields[name].label}。")
        return self.cleaned_data

    goes = False

    def values(self) -> dict:
        """Of a new row every value, of a stored one those that the person changed."""
        names = self.fields if self.stored is None else self.changed
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}

    def follow(self, name: str, value) -> None:
        """Set a value that follows from others, as if it had been typed."""
        self.cleaned_data[name] = value
        text = self.fields[name].show(value)
        if text != self.typed(name):
            self.changed = {*self.changed, name}
            self.data = {**self.data, f"{self.prefix}-{name}": text}

    def fill(self, name: str, text: str) -> None:
        """Put a text in a field of a page that is shown and not yet saved."""
        self.data = {**self.data, f"{self.prefix}-{name}": text}
        self.changed = self.changed | {name} if self.was[name] != _digest(text) else self.changed - {name}

    def change(self, owner: dict) -> Change | None:
        """What the writer has to do about this row. `owner`: what a new row hangs on."""
        if self.is_removed or (self.goes and (self.is_new or self.essential in self.changed)):
            return None if self.is_new else Remove(self.model, self.uid, self.seen or 0)
        values = self.values()
        if "position" in values and values["position"] is None:
            values["position"] = self.rows.next_position()
        if self.is_new:
            values = {**self.rows.beside(), **self.rows.fixed_values(self), **values}
            self.written = self.model(uid=self.uid, **owner, **values)
            return Add(self.written)
        return Edit(self.model, self.uid, self.seen or 0, values) if values else None

    @property
    def instance(self):
        """The row as stored, or as it is about to be."""
        return self.stored if self.stored is not None else getattr(self, "written", None)

    def disagree(self, conflict: Conflict) -> None:
        """Show what somebody else has stored beside what was typed, and wait for a choice."""
        self.is_waiting, self.choice = True, ""
        if conflict.stored is None:
            self.disagreements = []
            self.become_new()
            return
        self.stored, self.seen = conflict.stored, conflict.stored.version
        self.shown = self._texts(conflict.stored, {})
        self.was = {name: _digest(text) for name, text in self.shown.items()}
        untouched = {f"{self.prefix}-{name}": self.shown[name] for name in self.fields if name not in self.changed}
        self.data = {**self.data, **untouched}
        wanted = {one.field for one in conflict.differences} or (self.fields if self.is_removed else ())
        self.disagreements = [
            Disagreement(field.label, self.in_words(name, self.shown[name]), self.in_words(name, self.typed(name)))
            for name, field in self.fields.items()
            if name in wanted
        ]

    def become_new(self) -> None:
        """What is stored is gone: all that is shown here is the person's own now."""
        self.stored, self.seen, self.is_new = None, None, True
        self.uid = self.rows.new_uid(self.key)
        self.was = dict.fromkeys(self.fields, NOTHING)

    @property
    def was_taken_away(self) -> bool:
        """The row was stored when the page was made, and is no more."""
        return self.is_bound and self.stored is None and not self.is_new

    def in_words(self, name: str, text: str) -> str:
        """A field's text as a person reads it."""
        field = self.fields[name]
        if isinstance(field.widget, forms.CheckboxInput):
            return "是" if text else "否"
        if field.is_money and text:
            return f"{text} {self.draft.unit}"
        return str(dict(getattr(field, "choices", ())).get(text, text)) or "（空）"

    @property
    def fixed_label(self) -> str:
        return self.rows.fixed[self.key][1]

    @property
    def is_gone(self) -> bool:
        return self.disagreements is not None and self.stored is None

    @property
    def first_id(self) -> str:
        return f"id_{self.prefix}-{next(iter(self.fields))}"

    @property
    def place_in_words(self) -> str:
        """Where an error is, in words."""
        return "，".join(part for part in (self.rows.title_of(self), str(self)) if part)

    @property
    def parent_row(self) -> "RowForm | None":
        return self.rows.parents.by_key.get(self.parent) if self.rows.parents else None


def _digest(text: str) -> str:
    return f"{crc32(text.encode()):08x}"
