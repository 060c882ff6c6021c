"""Publications killed with SIGKILL at random moments, many at once: what they left (T-17)."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable

from django.db import connections
from django.test import Client

from publication import publishing
from publication.models import Publication, PublishedFile
from tests.publish.world import Office


def seconds_of(office: Office) -> float:
    """How long a publication takes that nobody kills, in a process of its own.

    The threads that draw PDFs do not survive a fork: the parent of those who draw never draws itself.
    """
    began = time.monotonic()
    os.waitpid(_begun(office, office.publisher, office.asked()), 0)
    return time.monotonic() - began


def campaign(offices: list[Office], *, longest: float, at_once: int = 10, seed: int = 17) -> Counter:
    """Fork a process for each office, so many at once, kill it after up to `longest` seconds; what was found."""
    pick, found = random.Random(seed), Counter()
    asked = {office.code: office.asked() for office in offices}
    people = {office.code: office.publisher for office in offices}
    for first in range(0, len(offices), at_once):
        batch = offices[first : first + at_once]
        children = {office.code: _begun(office, people[office.code], asked[office.code]) for office in batch}
        doomed = sorted((pick.random() * longest, child) for child in children.values())
        began = time.monotonic()
        for moment, child in doomed:
            time.sleep(max(0.0, moment - (time.monotonic() - began)))
            os.kill(child, signal.SIGKILL)
        for _, child in doomed:
            os.waitpid(child, 0)
        for office in batch:
            found[outcome(office.code)] += 1
    return found


def _begun(office: Office, by, asked: dict) -> int:
    selection = office.selection
    connections.close_all()
    child = os.fork()
    if child:
        return child
    try:
        publishing.publish(selection, by=by, **asked)
    finally:
        os._exit(0)


def outcome(code: str, get: Callable = lambda address: Client().get(address)) -> str:
    """none: nothing is to be had; whole: everything is, as its digests say; else what is wrong."""
    row = Publication.objects.filter(unit__code=code).first()
    forms = ("xlsx", "docx", "pdf", "csv", "json", "datapackage")
    answers = {form: get(f"/public/{code}/2024/files/{form}") for form in forms}
    given = {form for form, answer in answers.items() if answer.status_code == 200}
    for answer in answers.values():
        answer.close()
    if row is None:
        there = PublishedFile.objects.filter(publication__unit__code=code).exists()
        return "half" if given or there else "none"
    wrong = publishing.faults(row)
    return "half" if wrong or given != {file.form for file in row.files.all()} else "whole"
