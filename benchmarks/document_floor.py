"""The floor of the PDF: typst alone, over the same template and the same data, which are ready.

typst remembers what it has drawn in a process; nobody exports the same book twice, so every run has a process of its
own, forked from this one, which never draws.
"""

import hashlib
import os
import time
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import typst
from django.conf import settings
from django.db import connections

from publication.document import Document
from publication.pdf import TEMPLATE, inputs_of


def bare(document: Document, moment: datetime) -> Callable[[], bytes]:
    """A function that compiles the document's template with its data; fonts are looked for once."""
    inputs = inputs_of(document, moment)
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[folder for folder in settings.FONT_FOLDERS if Path(folder).is_dir()],
    )

    def compiled() -> bytes:
        compiler = typst.Compiler(input=TEMPLATE, root=TEMPLATE.parent, font_paths=fonts, sys_inputs=inputs)
        return compiler.compile(format="pdf", timestamp=moment)

    return compiled


def cold(draw: Callable[[], bytes]) -> tuple[Decimal, str]:
    """The seconds that drawing takes in a new process, and the digest of what it drew."""
    connections.close_all()
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            start = time.perf_counter()
            content = draw()
            spent = time.perf_counter() - start
            os.write(writing, f"{spent:.6f} {hashlib.sha256(content).hexdigest()}".encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        spent, _, digest = pipe.read().partition(" ")
    os.waitpid(child, 0)
    return Decimal(spent or 0), digest
