"""Records kept field by field: thousands of lines are read, and few of them are ever looked at one by one."""

from collections.abc import Callable, Iterator, Sequence


class Fields(dict):
    """The values of each field, downwards: made when somebody asks for the field."""

    def __init__(self, make: Callable[[str], Sequence]):
        super().__init__()
        self._make = make

    def __missing__(self, name: str) -> Sequence:
        self[name] = found = self._make(name)
        return found


class Columns(Sequence):
    """Records of the same fields, so many; one is put together when it is asked for."""

    def __init__(self, names: Sequence[str], length: int, make: Callable[[str], Sequence]):
        self.names, self.fields, self._length = names, Fields(make), length

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, at):
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        return {name: self.fields[name][at] for name in self.names}

    def __iter__(self) -> Iterator[dict]:
        for values in zip(*(self.fields[name] for name in self.names), strict=True):
            yield dict(zip(self.names, values, strict=True))
