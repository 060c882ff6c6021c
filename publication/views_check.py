"""检查文件: tables or a text that somebody else made are run through the same rules. Nothing of them is kept."""

from django import forms
from django.http import JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from budget.checked_forms import report_json
from budget.importing import guard, words
from budget.importing.files import MAX_BYTES, ZIP, FileRefused
from budget.models import Edition
from budget.reporting import registry
from budget.reporting.rules import Severity

from . import foreign
from .rules import TEXT
from .text_rules import PlacedText, paragraphs_of, placed

MB = 1024 * 1024
LONGEST = 300_000  # signs of a pasted text


class DocumentForm(forms.Form):
    file = forms.FileField(
        label="预算表（.xlsx）", required=False, help_text=f"一张表一个工作表，不超过{MAX_BYTES // MB} MB。"
    )
    text_file = forms.FileField(
        label="情况说明（.docx、.txt）", required=False, help_text=f"全文或第二部分，不超过{words.MAX_BYTES // MB} MB。"
    )
    text = forms.CharField(
        label="或者粘贴文字",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="从网页、PDF 或 Word 中复制；标题（第二部分、一、……）一起粘贴，检查结果才说得出位置。",
    )
    table_set = forms.ChoiceField(label="表套")
    year = forms.TypedChoiceField(label="预算年度", coerce=int)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["table_set"].choices = [(key, one.title) for key, one in registry.sets().items()]
        years = list(Edition.objects.values_list("year", flat=True)) or [timezone.localdate().year]
        self.fields["year"].choices = [(year, f"{year}年") for year in years]

    def clean_file(self):
        return self._of_size("file", MAX_BYTES)

    def clean_text_file(self):
        return self._of_size("text_file", words.MAX_BYTES)

    def clean(self):
        asked = super().clean()
        if asked.get("text_file") and asked.get("text", "").strip():
            self.add_error("text", "已选择文字文件，请清空这里，或不选文件。")
        if not self.errors and not any(asked.get(name) for name in ("file", "text_file", "text")):
            self.add_error(None, "请选择预算表或情况说明，或者粘贴文字。")
        return asked

    def _of_size(self, name: str, most: int):
        file = self.cleaned_data[name]
        if file and file.size > most:
            raise forms.ValidationError(f"文件超过{most // MB} MB。")
        return file

    def examined(self) -> tuple[foreign.Foreign | None, str]:
        """What came of the check, and the names of what was checked; None where a file is refused, which is said."""
        asked = self.cleaned_data
        text, names = [], []
        if asked["text_file"]:
            names.append(asked["text_file"].name)
            try:
                text = _paragraphs(asked["text_file"].read())
            except FileRefused as refused:
                self.add_error("text_file", str(refused))
        elif asked["text"]:
            names.append("粘贴的文字")
            text = paragraphs_of(asked["text"])
        content, name = (asked["file"].read(), asked["file"].name) if asked["file"] else (b"", "")
        if self.errors:
            return None, ""
        try:
            found = foreign.examine(content, name, registry.sets()[asked["table_set"]], asked["year"], text=text)
        except FileRefused as refused:
            self.add_error("file", str(refused))
            return None, ""
        return found, "、".join(filter(None, [name, *names]))


def _paragraphs(content: bytes) -> list[PlacedText]:
    """Of a Word file every paragraph as it stands; of a plain text, paragraphs cut by pages put together."""
    lines = guard.words(content)
    return list(placed(lines)) if content.startswith(ZIP) else paragraphs_of("\n".join(lines))


@require_http_methods(["GET", "HEAD", "POST"])
def check_document(request):
    """检查文件: upload or paste, then the report with the place of everything that was found."""
    form = DocumentForm(request.POST or None, request.FILES or None)
    context = {"form": form, "section": "check-document"}
    if request.method == "POST" and form.is_valid():
        found, name = form.examined()
        if found is not None and request.POST.get("format") == "json":
            answer = report_json(found.report, found.places) | {"unread": foreign.unread(found)}
            return JsonResponse(answer, json_dumps_params={"ensure_ascii": False, "indent": 1})
        if found is not None:
            context |= _context(found, name)
    return render(request, "publication/check_document.html", context)


def _context(found: foreign.Foreign, name: str) -> dict:
    report = found.report
    groups = [
        (heading, [(result, [(one, found.places(one.finding)) for one in result.checked]) for result in results])
        for heading, results in report.by_heading().items()
    ]
    wrong = [row for _, rows in groups for row in rows if row[0].severity is Severity.ERROR and row[1]]
    groups = [(heading, [row for row in rows if row not in wrong]) for heading, rows in groups]
    placed = {placed.table: placed for placed in found.document.table_set.tables}
    return {
        "name": name,
        "report": report,
        "counts": report.counts,
        "unread": foreign.unread(found),
        "notices": found.document.notices,
        "tables": [(placed[key].number, sheet) for key, sheet in found.document.places.items()],
        "paragraphs": sum(len(one["paragraphs"]) for one in report.matter.lists.get(TEXT, ())),
        "tolerance": bool(report.matter.half_step),
        "groups": [("错误", wrong), *((heading, [row for row in rows if row[1]]) for heading, rows in groups)],
        "not_applicable": [one for one in report.results if one.status == "not_applicable"],
    }
