"""The list of indicators: the department's and its projects'."""

from urllib.parse import urlencode

import django_tables2 as tables
from django.utils.html import format_html

from budget.tables import List


class IndicatorList(List):
    """Rows are dicts: see views.indicators."""

    KEY = "indicators"

    owner = tables.Column("所属", linkify=lambda record: record["url"], attrs={"td": {"class": "name"}})
    level_1 = tables.Column("一级指标")
    level_2 = tables.Column("二级指标")
    name = tables.Column("三级指标")
    value = tables.Column("指标值", orderable=False, attrs={"td": {"class": "value"}})
    explanation = tables.Column("指标值说明", orderable=False, attrs={"td": {"class": "long"}})
    unit_name = tables.Column("单位")
    remark = tables.Column("批注", orderable=False, exclude_from_export=True)

    def render_remark(self, value, record):
        """Where a remark is pinned on the indicator, with its history."""
        address = f"{self.place.url('comments')}?{urlencode(value)}"
        return format_html('<a href="{}" aria-label="批注：{}">批注</a>', address, record["name"])
