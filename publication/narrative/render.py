"""From a Book to its text: every name in the wording is looked up in the Grids, last year's figures and the facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import itemgetter

from budget.books import Selection
from budget.comparison import LastYear
from budget.reporting.book import Book
from budget.reporting.grid import Grid
from budget.reporting.spec import kind_of

from . import wording as cases
from .facts import TextFacts
from .language import Named, Words, parse
from .text import At, Narrative, Run, Said, TextBlock, TextPart
from .values import Amount, Number, Phrase, Value, numeral, words
from .wording import ByClass, Cell, Count, Fact, Glossary, Heading, Kinds, Names, Paragraph, Repeated, Sentence, SumOf

Override = Mapping[tuple[str, str], str]  # (sentence, case) → text

CLASS = 3  # digits of a 类
BASIC_NAMES = (
    *("name", "year", "kind", "our", "lacking", "no_duties"),
    *("office_units", "sole_department", "single_unit"),
)
REPEATED = {
    "duties": ("number", "text"),
    "units": ("number", "label"),
    "key_projects": ("ordinal", "label", "amount", "purpose"),
}
IN_PHRASE = ("label", "amount", "share")


def kinds_of(book: Book, records: str) -> frozenset[str]:
    """The kinds (一级指标) of indicators that there are at all."""
    return frozenset(map(itemgetter("level_1"), book.lists.get(records, ())))


@dataclass
class Rendering:
    """One rendering of a wording over a book."""

    wording: cases.Wording
    book: Book
    selection: Selection
    facts: TextFacts
    last: LastYear
    overrides: Override = field(default_factory=dict)
    _values: dict[str, Value] = field(default_factory=dict)

    def __post_init__(self):
        is_department, units, lacking = self.book.is_department, self.book.units, self.selection.lacking
        kind = kind_of(is_department)
        self._values |= {
            "name": words(self.book.name),
            "year": words(str(self.book.year)),
            "kind": words(kind),
            "our": words(f"我{kind}"),
            "office_units": Number(len(units) if is_department and (len(units) > 1 or lacking) else 0),
            "sole_department": Number(int(is_department and len(units) == 1 and not lacking)),
            "single_unit": Number(int(not is_department)),
            "no_duties": Phrase((Run("（职责待填写）", fact="duties", is_missing=True),)),
            "lacking": words("、".join(unit.name for unit in lacking)),
        }
        self._before = self._last_year()

    # ---- the text

    def narrative(self) -> Narrative:
        return Narrative(
            cover=tuple(self._plain(text) for text in self.wording.cover),
            parts=tuple(
                TextPart(
                    part.label,
                    self._plain(part.title),
                    tuple(block for declared in part.blocks for block in self._blocks(declared) if block.text),
                )
                for part in self.wording.parts
            ),
            tables_title=self._plain(self.wording.tables_title),
            year=self.book.year,
        )

    def sentence(self, declared: Sentence, scope: Mapping[str, Value] | None = None) -> Said:
        """The sentence in the case that its figure is in."""
        case = self.case_of(declared)
        key = declared.id, case
        text = self.overrides.get(key, self.facts.overrides.get(key, declared.cases[case]))
        return Said(declared.id, case, self._runs(text, scope or {}))

    def preview(self, declared: Sentence, case: str, text: str) -> str:
        """Those words over this book, whatever case it is in; of a sentence that is repeated the first time."""
        over = [
            block.over
            for part in self.wording.parts
            for block in part.blocks
            if isinstance(block, Repeated) and block.sentence.id == declared.id
        ]
        scopes = self._repeated(over[0]) if over else []
        known = dict.fromkeys(REPEATED[over[0]], words("…")) if over else {}
        return Said(declared.id, case, self._runs(text, scopes[0] if scopes else known)).text

    def case_of(self, declared: Sentence) -> str:
        if not declared.of:
            return cases.ALWAYS
        value = self.value(declared.of)
        return value.amount_case if declared.cases.keys() <= cases.BY_AMOUNT else value.change_case

    def _blocks(self, declared):
        match declared:
            case Heading(level=level, text=text):
                yield TextBlock((Said("", "", self._runs(text, {})),), level)
            case Paragraph(sentences=sentences):
                yield TextBlock(tuple(self.sentence(one) for one in sentences))
            case Repeated(over=over, sentence=sentence, empty=empty):
                scopes = self._repeated(over)
                for scope in scopes:
                    yield TextBlock((self.sentence(sentence, scope),))
                if empty and not scopes:
                    yield TextBlock((self.sentence(empty),))
            case Glossary():
                for at, (term, text) in enumerate(self.terms(declared), start=1):
                    yield TextBlock((Said(f"term.{term}", "", (Run(f"{numeral(at)}、{term}：{text}"),)),))

    def terms(self, glossary: Glossary) -> list[tuple[str, str]]:
        """The terms that the document uses, with their explanations."""
        found = [
            (term, text)
            for term, text, names in glossary.terms
            if not names or any(self.value(name).amount_case == cases.SOME for name in names)
        ]
        used = {code[:CLASS] for code in self.book.codes("lines", "function")}
        found += [
            (f"{self.facts.classes[code]}（类）", text)
            for code, text in glossary.classes.items()
            if code in used and code in self.facts.classes
        ]
        return found

    def _plain(self, text: str) -> str:
        return "".join(run.text for run in self._runs(text, {}))

    def _runs(self, text: str, scope: Mapping[str, Value]) -> tuple[Run, ...]:
        runs: list[Run] = []
        for piece in parse(text):
            kind = type(piece)
            if kind is Words:
                runs.append(piece.run)
            elif kind is Named:
                runs += (scope.get(piece.name) or self.value(piece.name)).runs(piece.form)
            else:
                runs += self._optional(piece.pieces, scope)
        return tuple(runs)

    def _optional(self, pieces, scope) -> list[Run]:
        runs: list[Run] = []
        for piece in pieces:
            if isinstance(piece, Words):
                runs.append(piece.run)
            else:
                said = (scope.get(piece.name) or self.value(piece.name)).runs(piece.form)
                if not said:
                    return []
                runs += said
        return runs

    # ---- what the names stand for

    def value(self, name: str) -> Value:
        if name not in self._values:
            self._values[name] = self._value(self.wording.figures[name])
        return self._values[name]

    def _value(self, figure) -> Value:
        match figure:
            case Cell(table=table, row=row, column=column, whole=whole, topic=topic):
                grid = self._grid(table)
                fen = grid.fen(row, column)
                return Amount(
                    fen=fen,
                    unit=grid.unit,
                    before=self._before.get((table, row, column)),
                    at=At(table, row, column) if fen else None,
                    whole=self.value(whole).fen if whole else None,
                    reason=self.facts.reasons.get(topic),
                )
            case SumOf(names=names):
                parts = [self.value(name) for name in names]
                facts = {part.fact for part in parts}
                if any(isinstance(part, Number) for part in parts):
                    numbers = [part.number if isinstance(part, Number) else 0 for part in parts]
                    return Number(None if None in numbers else sum(numbers), fact=facts.pop())
                return Amount(sum(part.fen for part in parts), parts[0].unit, fact=facts.pop())
            case Fact(key=key):
                return self._fact(key)
            case Names(table=table, words=column, money=money_column):
                return self._names(self._grid(table), column, money_column)
            case Count(table=table, kind=kind):
                rows = [row for row in self._grid(table).rows if row.kind == kind and not row.continues]
                return Number(len(rows))
            case ByClass():
                return self._by_class(figure)
            case Kinds(records=records, of=of):
                found = kinds_of(self.book, records)
                return words("、".join(one for one in of if one in found))
        raise TypeError(f"not a figure: {figure!r}")

    def _grid(self, table: str) -> Grid:
        return self.book.grid(table)

    def _fact(self, key: str) -> Value:
        number = self.facts.numbers[key]
        if number is not None and key.startswith(("asset_", "procurement_")):
            return Amount(number, self.book.table_set.unit, fact=key)
        return Number(number, fact=key)

    def _names(self, grid: Grid, column: str, money_column: str) -> Phrase:
        words_at, money_at = grid.column_at(column), grid.column_at(money_column)
        found = [row.cells[words_at] for row in grid.rows if row.kind != "total" and row.cells[money_at]]
        return words("、".join(dict.fromkeys(found)), At(grid.key, "total", money_column) if found else None)

    def _by_class(self, figure: ByClass) -> Phrase:
        grid = self._grid(figure.table)
        whole = self.value(figure.whole).fen if figure.whole else 0
        runs: list[Run] = []
        for code, label in self.book.table_set.function_classes:
            if fen := grid.fen(code, figure.column):
                amount = Amount(fen, grid.unit, at=At(figure.table, code, figure.column), whole=whole)
                name = self.facts.classes.get(code) or label.split("、", 1)[-1]
                scope = {"label": words(name), "amount": amount, "share": Phrase(amount.runs("share"))}
                runs += [Run(figure.joiner)] if runs else []
                runs += self._runs(figure.text, scope)
        return Phrase(tuple(runs))

    def _repeated(self, over: str) -> list[dict[str, Value]]:
        if over == "duties":
            return [{"number": Number(at), "text": words(text)} for at, text in enumerate(self.facts.duties, start=1)]
        if over == "units":
            units = self.book.units if self.value("office_units").number else ()
            return [{"number": Number(at), "label": words(unit.name)} for at, unit in enumerate(units, start=1)]
        grid = self._grid("projects")
        money_at = grid.column_at("total")
        rows = {row.key.rpartition("/")[2]: row for row in grid.rows if row.kind == "item"}
        found = []
        for project in self.facts.key_projects:
            if row := rows.get(project.uid):
                name = self.facts.withheld.get(project.uid) or row.cells[grid.column_at("name")]
                purpose = Run(project.purpose, fact="goal") if project.purpose else MISSING_PURPOSE
                found.append(
                    {
                        "ordinal": words(numeral(len(found) + 1)),
                        "label": words(name),
                        "amount": Amount(row.cells[money_at] or 0, grid.unit, at=At("projects", row.key, "total")),
                        "purpose": Phrase((purpose,)),
                    }
                )
        return found

    # ---- last year

    def _last_year(self) -> dict[tuple[str, str, str], int | None]:
        """Last year's figure of every cell that a sentence compares."""
        compared = {one.of for one in self.wording.sentences().values() if one.cases.keys() == cases.BY_CHANGE}
        cells = {
            (cell.table, cell.row, cell.column)
            for name in compared
            if isinstance(cell := self.wording.figures[name], Cell)
        }
        found = self.last.figures({cell: cell for cell in sorted(cells)})
        if self.last.selection:
            for cell, before in found.items():
                found[cell] = (before or 0) + self._carried_out(cell)
        return found

    def _carried_out(self, cell: tuple[str, str, str]) -> int:
        """What a figure of last year held of money carried out of that year, which no line says."""
        source, where = self.book.grid(cell[0]).behind(cell[1], cell[2])
        if source != "receipts":
            return 0
        return sum(
            amount
            for fund, carried_over, amount in self.facts.carried_out
            if where.matches(
                fund=fund,
                carried_over=carried_over,
                spent=False,
                function="",
                category="",
                unit="",
                department=self.selection.organisation.department_code,
            )
        )


MISSING_PURPOSE = Run("（绩效目标待填写）", fact="goal", is_missing=True)
