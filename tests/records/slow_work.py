"""Work that waits to be killed: it says that it has begun by a file."""

import time
from pathlib import Path

from records import jobs

STARTED = "started"


@jobs.kind("slow")
def slow(run: jobs.Run) -> None:
    run.step(1, 2)
    Path(run.parameters["folder"], STARTED).touch()
    while run.parameters["waits"]:
        time.sleep(0.05)
    run.step(2, 2)
