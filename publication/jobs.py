"""What takes longer than a request: publishing a version, and the document of a large organisation as a file."""

from django.utils import timezone

from budget.books import NoBudget, Selection, select
from budget.models import Line
from budget.readback import Differs
from organisation.models import Unit
from organisation.rights import can
from records import jobs

from .document import NoText, document_of
from .export import HasMisfits, document_bytes
from .models import Publication
from .past import PUBLISH
from .pdf import NoFonts
from .publishing import Refused, publish

DOCUMENT = "document"
DIRECT_LINES = 400  # of so many lines a file is drawn within the request: measured, both forms below two seconds


def is_long(selection: Selection) -> bool:
    """Whether the document of these budgets is drawn in the background: the one place that decides it."""
    return len(selection.budgets) > 1 or Line.objects.of(*selection.budgets).count() > DIRECT_LINES


@jobs.kind(PUBLISH)
def publish_version(run: jobs.Run) -> None:
    """Publish what was seen; done twice, it publishes nothing the second time."""
    asked = run.parameters
    selection = _selection(asked)
    there = Publication.objects.of(asked["unit"], asked["year"])
    if not there.filter(number=asked["number"], content_digest=asked["seen"], published_by=run.owner).exists():
        try:
            publish(
                selection,
                by=run.owner,
                seen=asked["seen"],
                number=asked["number"],
                explanation=asked["explanation"],
                overruled=asked["overruled"],
                address=asked["address"],
                step=run.step,
            )
        except (Refused, HasMisfits, NoText, NoFonts, Differs) as reason:
            raise jobs.Failed(f"没有公开：{reason}") from reason
    run.step(1, 1, f"已公开第{asked['number']}版。")


@jobs.kind(DOCUMENT)
def draw_document(run: jobs.Run) -> None:
    """The document as a Word file or a PDF."""
    asked = run.parameters
    selection = _selection(asked)
    if not can(run.owner, "export_book", selection.organisation):
        raise jobs.Failed("您已没有导出该单位全文的权限。")
    try:
        run.step(0, 2, "正在汇总数据和文字")
        document = document_of(selection)
        run.step(1, 2, "正在排版")
        content = document_bytes(document, asked["form"], created=timezone.localtime())
    except (HasMisfits, NoText, NoFonts) as reason:
        raise jobs.Failed(str(reason)) from reason
    run.save_result(asked["name"], content)
    run.step(2, 2, "已生成。")


def _selection(asked: dict) -> Selection:
    try:
        return select(Unit.objects.get(code=asked["unit"]), asked["year"], asked["stage"])
    except NoBudget as reason:
        raise jobs.Failed(f"{reason}。") from None
