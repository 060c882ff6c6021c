"""Files of a unit's lines that come back through the import: the template to fill in, the plain list."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from budget.downloads import TYPES
from budget.entry.answer import chooses_unit, own_budget, place_to_write
from budget.importing.line_csv import line_csv
from budget.importing.template import template
from budget.reporting.money import FEN_PER

from .lists import file_name


@require_safe
@chooses_unit
def line_template(request, unit, year, stage=None):
    """The unit's lines as a workbook to fill in, amounts in the person's unit or the one that is asked for."""
    place = place_to_write(request, unit, year, stage, "template")
    wanted = request.GET.get("unit")
    content = template(own_budget(place), wanted if wanted in FEN_PER else place.unit)
    return _file(content, "xlsx", file_name(place, "预算明细模板"))


@require_safe
@chooses_unit
def plain_lines(request, unit, year, stage=None):
    """The unit's lines in the columns of `import_lines`, in 万元."""
    place = place_to_write(request, unit, year, stage, "lines-csv")
    return _file(line_csv(own_budget(place)), "csv", file_name(place, "预算明细"))


def _file(content: bytes, form: str, name: str) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=True, filename=f"{name}.{form}")
    return HttpResponse(content, content_type=TYPES[form], headers={"Content-Disposition": disposition})
