"""The little language of the wording: words, {figure} or {figure.form}, and [parts that go with what they name].

A part in brackets is left out where something it names has nothing to say. There is no other construct.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from .text import Run

TOKEN = re.compile(r"\{([^{}\[\]]*)\}|([\[\]{}])|([^\[\]{}]+)")
NAME = re.compile(r"[a-z_]+(\.[a-z_]+)?")


class Words(NamedTuple):
    """Words as they stand; `run`: the same as what is written of them, made once."""

    text: str
    run: Run


class Named(NamedTuple):
    """A figure by name, in one of its forms (amount, change, rate, share, …; "" for the plain one)."""

    name: str
    form: str = ""


class Optional(NamedTuple):
    pieces: tuple["Words | Named", ...]


Piece = Words | Named | Optional


@lru_cache(maxsize=2048)
def parse(text: str) -> tuple[Piece, ...]:
    """The pieces of a wording. ValueError, in Chinese, where it is written wrongly."""
    pieces: list[Piece] = []
    inner: list | None = None
    for found in TOKEN.finditer(text):
        name, sign, words = found.groups()
        into = pieces if inner is None else inner
        if words is not None:
            into.append(Words(words, Run(words)))
        elif name is not None:
            if not NAME.fullmatch(name):
                raise ValueError(f"“{{{name}}}”不是数据的名称：名称写作 {{名称}} 或 {{名称.形式}}")
            into.append(Named(*name.split(".")))
        elif sign == "[" and inner is None:
            inner = []
        elif sign == "]" and inner is not None:
            pieces.append(Optional(tuple(inner)))
            inner = None
        else:
            raise ValueError(f"“{text}”中的“{sign}”没有配对")
    if inner is not None:
        raise ValueError(f"“{text}”中的“[”没有配对")
    return tuple(pieces)


def names_in(text: str) -> list[Named]:
    """Everything a wording names. ValueError where it is written wrongly."""
    found: list[Named] = []
    for piece in parse(text):
        parts = piece.pieces if isinstance(piece, Optional) else (piece,)
        found += [part for part in parts if isinstance(part, Named)]
    return found
