"""How long things take beside each other: a clock would tell of the machine."""

import time
from collections.abc import Callable


def least_seconds(*doing: Callable[[], object], rounds: int = 7) -> list[float]:
    """The least computing that each took, of several rounds in which they take turns."""
    times: list[list[float]] = [[] for _ in doing]
    for _ in range(rounds):
        for one, taken in zip(doing, times, strict=True):
            began = time.process_time()
            one()
            taken.append(time.process_time() - began)
    return [min(taken) for taken in times]
