"""What runs in a process of its own: reading somebody's workbook or document, marking a copy. No Django, no network.

Such a process is forked from a server that has nothing of the program's in it (`guard`), has limits set by the kernel,
takes the file's bytes and answers with JSON (after marking: with the copy), never with pickles.
"""

import gc
import json
import logging
import os
import resource
import struct
import sys
from datetime import date, datetime, time, timedelta

from budget.cells import Unreadable

from . import files, words
from .annotate import marked_copy

MEMORY = 512 * 1024 * 1024
CPU_SECONDS = 20
COPY = 200 * 1024 * 1024  # a part of a marked copy while it is written, unpacked
SPECIAL = "$"  # the key of what JSON has no form for

HEAD = struct.Struct(">QQ")  # before the answer: the most memory it had (KiB), computing time (milliseconds)
ANSWERED, REFUSED, BROKEN = b"A", b"R", b"B"
WORK = {
    "read": lambda content, told: packed(files.read(content, told["name"])),
    "mark": marked_copy,
    "words": lambda content, told: json.dumps(words.read(content)).encode(),
}


def run(connection, work: str, content: bytes, told: dict, limits: tuple[int, int] | None) -> None:
    """The whole life of a child: one answer over the connection, then the end."""
    os.setsid()
    logging.disable()
    gc.disable()  # it ends before there is much to collect
    if limits is not None:
        _limit(*limits, written=COPY if work == "mark" else 0)
    try:
        verdict, answer = ANSWERED, WORK[work](content, told)
    except files.FileRefused as refused:
        verdict, answer = REFUSED, str(refused).encode()
    except BaseException as error:  # whatever a damaged file makes a library do
        verdict, answer = BROKEN, type(error).__name__.encode()
    used = resource.getrusage(resource.RUSAGE_SELF)
    milliseconds = int(1000 * (used.ru_utime + used.ru_stime))
    connection.send_bytes(verdict + HEAD.pack(used.ru_maxrss, milliseconds) + answer)
    connection.close()


def _limit(memory: int, seconds: int, written: int) -> None:
    """No more memory, computing time and writing (bytes of a file) than that; no core left behind."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (written, written))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.setrecursionlimit(500)


def packed(source: files.Source) -> bytes:
    """What was read, as JSON."""
    content = vars(source) | {"sheets": [vars(sheet) for sheet in source.sheets]}
    # half a surrogate pair is told later, as a character that is not allowed, at its cell
    return json.dumps(content, default=_special).encode()


def unpacked(answer: bytes) -> files.Source:
    """What a child has read."""
    content = json.loads(answer, object_hook=_restored)
    content["sheets"] = [_sheet(**sheet) for sheet in content["sheets"]]
    return files.Source(**content)


def _sheet(rows: list, merged: list, **told) -> files.Sheet:
    return files.Sheet(rows=[(number, values) for number, values in rows], merged=[*map(tuple, merged)], **told)


def _special(value) -> dict:
    match value:
        case Unreadable():
            return {SPECIAL: "unreadable", "value": [value.shown, value.reason]}
        case timedelta():
            return {SPECIAL: "timedelta", "value": [value.days, value.seconds, value.microseconds]}
        case datetime() | date() | time():
            return {SPECIAL: type(value).__name__, "value": value.isoformat()}
        case set():
            return {SPECIAL: "set", "value": sorted(value)}
    raise TypeError(f"{type(value)} in a file")


RESTORE = {
    "unreadable": lambda value: Unreadable(*value),
    "timedelta": lambda value: timedelta(*value),
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "set": set,
}


def _restored(value: dict):
    return RESTORE[value[SPECIAL]](value["value"]) if SPECIAL in value else value
