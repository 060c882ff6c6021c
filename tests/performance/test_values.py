"""指标值: one reading of what offices write, and the reference's own values word for word."""

import csv
from pathlib import Path

import pytest

from budget import cells
from performance.values import Question, Value, combine, hints, printed, read

GOLDEN = Path(__file__).parents[1] / "golden"

READ = [
    ("≥1000本", "≥", "1000", "本", ""),
    ("3家", "=", "3", "家", ""),
    ("及时", "定性", "及时", "", ""),
    ("≤5%", "≤", "5", "%", ""),
    ("100％", "=", "100", "%", "100％"),
    ("＝3个", "=", "3", "个", "＝3个"),
    ("大于等于95%", "≥", "95", "%", "大于等于95%"),
    ("不低于 95 %", "≥", "95", "%", "不低于 95 %"),
    ("不超过3万元", "≤", "3", "万元", "不超过3万元"),
    ("95%以上", "≥", "95", "%", "95%以上"),
    ("3个月以内", "≤", "3", "个月", "3个月以内"),
    ("30天内", "≤", "30", "天", "30天内"),
    (">=5", "≥", "5", "", ">=5"),
    ("≥1,000 本", "≥", "1000", "本", "≥1,000 本"),
    ("≥５０％", "≥", "50", "%", "≥５０％"),
    ("10万本", "=", "10", "万本", ""),
    ("≥99.95%", "≥", "99.95", "%", ""),
    ("-5%", "=", "-5", "%", ""),
    ("0", "=", "0", "", ""),
    ("2024年12月底前", "定性", "2024年12月底前", "", ""),
    ("12月31日", "定性", "12月31日", "", ""),
    ("第一季度", "定性", "第一季度", "", ""),
    ("有效缓解", "定性", "有效缓解", "", ""),
    ("定性：达到2级标准", "定性", "达到2级标准", "", ""),
]


@pytest.mark.parametrize(("text", "operator", "target", "measure", "wording"), READ)
def test_a_value_is_read(text, operator, target, measure, wording):
    assert read(text) == Value(operator, target, measure, wording)
    assert read(text).printed == text.removeprefix("定性：")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1-3次", "至少1次的写“≥1次”，至多3次的写“≤3次”"),
        ("90%~95%", "是一个区间"),
        ("5至10个", "是一个区间"),
        ("约100家", "不能确定是多少"),
        ("100余家", "不能确定是多少"),
        ("1000+本", "不能确定是多少"),
        ("达到90%", "写成“≥90%”"),
        ("≥", "没有数字"),
        ("≥3≤5", "不能确定是多少"),
        ("≥90%以下", "前后的符号不一致"),
        ("定性", "还要写出要达到的状态"),
        ("第" * 90, "最多80个字"),
        ("1" * 30, "不能确定是多少"),
    ],
)
def test_what_can_be_read_in_two_ways_is_asked(text, words):
    with pytest.raises(cells.Refusal, match=words):
        read(text)


@pytest.mark.parametrize("name", ["department", "project"])
def test_the_reference_is_read_and_printed_word_for_word(name):
    with (GOLDEN / f"{name}_indicators.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == {"department": 27, "project": 29}[name]
    for row in rows:
        value = read(row["published"])
        assert (value.operator, value.target, value.measure) == (row["operator"], row["target"], row["unit"])
        assert value.printed == row["published"]


def test_the_wording_is_printed_only_while_it_is_true():
    assert printed("≥", "95", "%", "不低于95%") == "不低于95%"
    assert printed("≥", "90", "%", "不低于95%") == "≥90%"
    assert printed("≤", "95", "%", "不低于95%") == "≤95%"
    assert printed("定性", "及时", "", "1-3次") == "及时"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (("≥", "25", "家"), Value("≥", "25", "家")),
        (("", "25", "家"), Value("=", "25", "家")),
        (("", "≥25家", ""), Value("≥", "25", "家")),
        (("≥", "25家", ""), Value("≥", "25", "家")),
        (("≥", "≥25家", "家"), Value("≥", "25", "家")),
        (("定性", "达到90%", ""), Value("定性", "达到90%")),
        (("", "", "家"), None),
    ],
)
def test_columns_and_text_say_it_together(typed, expected):
    assert combine(*typed) == expected


@pytest.mark.parametrize("typed", [("≤", "≥25家", ""), ("≥", "≥25家", "户"), ("≥", "及时", "")])
def test_columns_that_contradict_the_text_are_asked(typed):
    with pytest.raises(Question):
        combine(*typed)


def test_what_a_reviewer_would_ask_is_said():
    assert hints("印刷政策汇编", read("≥1000本")) == []
    assert "指标值和三级指标相同" in hints("提升", read("提升"))[0]
    assert any("应是百分比" in hint for hint in hints("宣传率", read("≥95")))
    assert any("应是百分比" in hint for hint in hints("及时率", read("及时")))
    assert hints("有效提升水平", read("有效提升"), "效益指标") == []  # a benefit may be a quality
    assert any("没有计量单位" in hint for hint in hints("申报企业", read("≥2")))
    assert any("有31个字" in hint for hint in hints("长" * 31, None))
