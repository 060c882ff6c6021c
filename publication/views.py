"""全文: the text of the document with its figures linked to their cells, and the whole of it as a file."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from budget.pages import Place, place_of
from budget.views.lists import file_name
from organisation.rights import can
from records import jobs
from records.models import Job

from .document import NoText, document_of, rendering_of
from .export import DOCUMENTS, HasMisfits, document_bytes
from .jobs import DOCUMENT, is_long
from .narrative.text import Narrative, Run
from .narrative.wording import wordings
from .pdf import NoFonts

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
# where a fact is typed: the beginning of its key → the section of the page 其他情况
SECTIONS = {"posts": "staffing", "asset_": "assets", "number_": "assets", "procurement_": "procurement"}


@require_safe
def document(request, unit, year, stage=None):
    """The three parts as they will be printed; what is still missing leads to where it is filled in."""
    place = place_of(request, unit, year, stage)
    return _page(request, place, is_current=stage is None)


@require_safe
def document_file(request, unit, year, form, stage=None):
    """The whole document as a Word file or a PDF, for who exports books; where it cannot be, 409 and the page.

    A long one is drawn in the background: the answer is its job's page.
    """
    place = place_of(request, unit, year, stage)
    if form not in DOCUMENTS or not can(request.user, "export_book", place.selection.organisation):
        raise Http404
    name = f"{file_name(place, '预算公开文本')}.{form}"
    if is_long(place.selection):
        return redirect("job", _begun(request, place, form, name).uid)
    try:
        content = document_bytes(document_of(place.selection), form, created=timezone.localtime())
    except (HasMisfits, NoText, NoFonts) as error:
        return _page(request, place, refused=str(error))
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(content, content_type=TYPES[form], headers={"Content-Disposition": disposition})


def _begun(request, place: Place, form: str, name: str) -> Job:
    """The job that draws this document for this person: the one that goes on, or a new one."""
    asked = {"unit": place.code, "year": place.year, "stage": place.stage, "form": form, "name": name}
    for job in Job.objects.filter(kind=DOCUMENT, owner=request.user, finished=None, parameters=asked):
        if job.is_going_on:
            return job
    title = f"生成{'PDF' if form == 'pdf' else 'Word 文件'}：{place.name}{place.year}年{place.stage_name}"
    return jobs.start(DOCUMENT, title=title, by=request.user, parameters=asked, link=place.url("document"))


def _page(request, place: Place, *, is_current: bool = False, refused: str = "") -> HttpResponse:
    wording = wordings().get(place.table_set.key)
    narrative = None
    if wording is not None:
        book = place.book(wording.tables())
        narrative = rendering_of(place.selection, book).narrative()
    context = {
        "place": place,
        "section": "document",
        "narrative": narrative,
        "parts": _parts(place, narrative) if narrative else (),
        "missing": _missing(place, narrative) if narrative else (),
        "can_export": narrative is not None and can(request.user, "export_book", place.selection.organisation),
        "refused": refused,
        "is_current": is_current,
    }
    return render(request, "publication/document.html", context, status=409 if refused else 200)


def _parts(place: Place, narrative: Narrative):
    """The parts as the template marks them up: each run with the address behind it."""
    return [
        {
            "label": part.label,
            "title": part.title,
            "blocks": [
                {"level": block.level, "runs": [(run, _address(place, run)) for run in block.runs]}
                for block in part.blocks
            ],
        }
        for part in narrative.parts
    ]


def _missing(place: Place, narrative: Narrative) -> list[dict]:
    """The paragraphs in which something is missing, with where it is filled in; each place once."""
    found = {}
    for _, block in narrative.paragraphs():
        for run in block.runs:
            if run.is_missing:
                found.setdefault(
                    (run.text, block.text[:24]), {"text": run.text, "in": block.text[:24], "url": _address(place, run)}
                )
    return list(found.values())


def _address(place: Place, run: Run) -> str:
    if run.at and not run.is_missing:
        words = urlencode({"row": run.at.row, "column": run.at.column})
        return f"{place.url('table', run.at.table)}?{words}#panel"
    if run.fact == "goal":
        return place.url("projects")
    if run.fact:
        section = next((name for begin, name in SECTIONS.items() if run.fact.startswith(begin)), run.fact)
        return f"{place.url('facts')}#{section}"
    return ""
