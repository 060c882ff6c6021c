"""Files that people bring, read where they can do no harm: in a process of its own, with limits set by the kernel.

The processes are forked from a clean server (`multiprocessing`'s forkserver), which holds the libraries and nothing of
the program's: no connection to the database, no secret, no thread.
"""

import json
import multiprocessing
import os
import signal
from pathlib import Path
from typing import NamedTuple

from budget.reporting.collecting import without_collecting

from . import child, files
from . import words as document_words
from .files import MAX_BYTES, OLD_OR_ENCRYPTED, ZIP, FileRefused, Source, content_of, unreadable

LONGEST = 30  # seconds of the clock; of computing time a child has child.CPU_SECONDS
LIMITS = (child.MEMORY, child.CPU_SECONDS)
SMALL_TEXT = 1024 * 1024  # CSV up to this size is read in the process: it cannot grow on being read

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["budget.importing.child"])


def read(source: Path | str | bytes, name: str = "") -> Source:
    """Read a file (a path, or its bytes with the name it came under). Raises FileRefused, and nothing else."""
    content, name = content_of(source, name)
    is_small_text = not content.startswith((ZIP, OLD_OR_ENCRYPTED)) and len(content) <= SMALL_TEXT
    if is_small_text or len(content) > MAX_BYTES:
        return files.read(content, name)
    answer = in_child("read", content, {"name": name})
    with without_collecting():
        return child.unpacked(answer)


def words(content: bytes) -> list[str]:
    """The lines of a Word file or a plain text. Raises FileRefused, and nothing else."""
    if not content.startswith(ZIP):
        return document_words.read(content)
    return json.loads(in_child("words", content, {}))


def marked(content: bytes, name: str, mistakes: list, unlisted: int = 0) -> bytes:
    """A copy of the file with its mistakes marked. Raises FileRefused where that would be too much."""
    return in_child("mark", content, {"name": name, "mistakes": mistakes, "unlisted": unlisted})


class Answer(NamedTuple):
    """What a child said at its end: how it went, the answer, the most memory it had (KiB), computing milliseconds."""

    verdict: bytes
    body: bytes
    peak: int = 0
    milliseconds: int = 0


def in_child(work: str, content: bytes, told: dict) -> bytes:
    """The answer of a child. Raises FileRefused."""
    answer = ask(work, content, told)
    if answer.verdict == child.REFUSED:
        raise FileRefused(answer.body.decode())
    if answer.verdict != child.ANSWERED:
        raise unreadable(content, answer.body.decode())
    return answer.body


def ask(work: str, content: bytes, told: dict) -> Answer:
    """Have a child do the work, and see to its end."""
    ours, theirs = _processes.Pipe(duplex=False)
    process = _processes.Process(target=child.run, args=(theirs, work, content, told, LIMITS), daemon=True)
    try:
        process.start()
        theirs.close()
        answer = _answer(ours)
    except OSError:  # no process can be had, or it ended before it had the file
        return Answer(child.BROKEN, b"no child")
    finally:
        ours.close()
        _end(process)
    if answer is None:
        return Answer(child.BROKEN, f"ended with {process.exitcode}".encode())
    body = 1 + child.HEAD.size
    return Answer(answer[:1], answer[body:], *child.HEAD.unpack(answer[1:body]))


def _answer(connection) -> bytes | None:
    """What the child says; None where it ended, or was too long about it, without a word."""
    try:
        if connection.poll(LONGEST):
            return connection.recv_bytes()
    except (EOFError, OSError):
        pass
    return None


def _end(process) -> None:
    """The child and whatever it started are gone when this returns."""
    if process.pid is None:
        return
    process.join(0.5)
    if process.exitcode is None:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            process.kill()
        process.join()
