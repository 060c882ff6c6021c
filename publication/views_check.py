"""检查外来文件: a workbook that somebody else made is run through the same rules. Nothing of it is kept."""

from django import forms
from django.http import JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from budget.checked_forms import report_json
from budget.importing.files import MAX_BYTES, FileRefused
from budget.models import Edition
from budget.reporting import registry
from budget.reporting.rules import Severity

from . import foreign


class DocumentForm(forms.Form):
    file = forms.FileField(label="工作簿（.xlsx）", help_text="公开的部门预算各表，一张表一个工作表，不超过10 MB。")
    table_set = forms.ChoiceField(label="表套")
    year = forms.TypedChoiceField(label="预算年度", coerce=int)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["table_set"].choices = [(key, one.title) for key, one in registry.sets().items()]
        years = list(Edition.objects.values_list("year", flat=True)) or [timezone.localdate().year]
        self.fields["year"].choices = [(year, f"{year}年") for year in years]

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(f"文件超过{MAX_BYTES // 1024 // 1024} MB。")
        return file


@require_http_methods(["GET", "HEAD", "POST"])
def check_document(request):
    """检查文件: upload, then the report with sheet and cell of everything that was found."""
    form = DocumentForm(request.POST or None, request.FILES or None)
    context = {"form": form, "section": "check-document"}
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            found = foreign.examine(
                asked["file"].read(), asked["file"].name, registry.sets()[asked["table_set"]], asked["year"]
            )
        except FileRefused as refused:
            form.add_error("file", str(refused))
        else:
            if request.POST.get("format") == "json":
                answer = report_json(found.report, found.places) | {"unread": foreign.unread(found)}
                return JsonResponse(answer, json_dumps_params={"ensure_ascii": False, "indent": 1})
            context |= _context(found, asked["file"].name)
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
        "tolerance": bool(report.matter.half_step),
        "groups": [("错误", wrong), *((heading, [row for row in rows if row[1]]) for heading, rows in groups)],
        "not_applicable": [one for one in report.results if one.status == "not_applicable"],
    }
