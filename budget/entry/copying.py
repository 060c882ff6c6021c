"""The form of 从以前的预算带入."""

from django import forms

from budget import cells
from budget.copying.copying import AMOUNTS, LINES, PERCENT, STRUCTURE, Choice
from budget.copying.parts import parts
from budget.models import Budget
from budget.reporting.money import YUAN

WAYS = (
    (AMOUNTS, "结构和金额"),
    (PERCENT, "金额按百分比增减"),
    (STRUCTURE, "只要结构，金额留空"),
)
MISSING, REPLACE = "missing", "replace"
KEEPING = ((MISSING, "只补本稿没有的，已有的不动"), (REPLACE, "全部替换：先删去本稿中所选的内容"))
LINE_LABELS = {"basic": "基本支出项目和明细", "projects": "项目支出和明细"}
LARGEST = 100_000  # hundredths of a percent: tenfold


class CopyForm(forms.Form):
    """From which budget, what of it, how, and what happens to what is there."""

    source = forms.ChoiceField(label="从哪份预算", error_messages={"invalid_choice": "请从列出的预算中选一份。"})
    parts = forms.MultipleChoiceField(
        label="带入哪些",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一样。", "invalid_choice": "请从列出的内容中选择。"},
    )
    way = forms.ChoiceField(label="怎样带入", choices=WAYS, widget=forms.RadioSelect, initial=AMOUNTS)
    percent = forms.CharField(
        label="增减百分比",
        required=False,
        help_text="如 5 或 -3.5，最多两位小数。结果按录入精度四舍五入。",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "num", "autocomplete": "off"}),
    )
    keeping = forms.ChoiceField(label="本稿已有的内容", choices=KEEPING, widget=forms.RadioSelect, initial=MISSING)

    def __init__(self, *args, sources: list[Budget], **kwargs):
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self.sources = {str(one.uid): one for one in sources}
        self.fields["source"].choices = [(key, told(one)) for key, one in self.sources.items()]
        offered = parts()
        self.fields["parts"].choices = [*LINE_LABELS.items(), *((one.key, one.label) for one in offered.values())]
        self.fields["parts"].initial = [*LINES, *(one.key for one in offered.values() if one.is_usual)]
        self.fields["parts"].help_text = " ".join(one.note for one in offered.values() if one.note)

    def clean(self):
        data = super().clean()
        data["share"] = 0
        if data.get("way") == PERCENT:
            try:
                share = cells.parse_amount((data.get("percent") or "").rstrip("%％"), YUAN, cells.FEN_STEP).fen
            except cells.Refusal as refusal:
                self.add_error("percent", str(refusal))
            else:
                if share is None:
                    self.add_error("percent", "请填写增减百分比。")
                elif not -10_000 < share <= LARGEST:
                    self.add_error("percent", "增减百分比须大于-100，不超过1000。")
                else:
                    data["share"] = share
        return data

    @property
    def budget(self) -> Budget:
        return self.sources[self.cleaned_data["source"]]

    @property
    def choice(self) -> Choice:
        data = self.cleaned_data
        return Choice(frozenset(data["parts"]), data["way"], data["share"], data["keeping"] == REPLACE)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What was chosen, as hidden fields of the page that asks to confirm it."""
        return [(name, value) for name in self.fields for value in self.data.getlist(name)]


class PublishedForm(forms.Form):
    """Last year's published workbook."""

    file = forms.FileField(
        label="公开的工作簿（.xlsx）",
        help_text="须有支出总表、一般公共预算基本支出表和明细表、项目支出表。读出的内容先给您核对，确认以后才写入。",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": "请选择文件。", "empty": "文件是空的。"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, use_required_attribute=False, **kwargs)


def told(budget: Budget) -> str:
    revision = f"第{budget.revision}稿" if budget.revision > 1 else ""
    return f"{budget.year}年{budget.stage_name}{revision}（{budget.get_state_display()}）"
