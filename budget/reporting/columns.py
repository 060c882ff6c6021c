"""Records kept field by field: thousands of lines are read, and few of them are ever looked at one by one."""

from collections.abc import Iterator, Mapping, Sequence


class Columns(Sequence):
    """Records of the same fields, as long as each other; one is put together when it is asked for."""

    def __init__(self, fields: Mapping[str, Sequence]):
        self.fields = fields
        (self._length,) = {len(values) for values in fields.values()}

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, at):
        if isinstance(at, slice):
            return Columns({name: values[at] for name, values in self.fields.items()})
        return {name: values[at] for name, values in self.fields.items()}

    def __iter__(self) -> Iterator[dict]:
        for values in zip(*self.fields.values(), strict=True):
            yield dict(zip(self.fields, values, strict=True))
