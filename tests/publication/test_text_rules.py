"""Rules about texts: silent over our own text, and over the published one exactly what a careful reader found."""

import csv
from pathlib import Path

import pytest

from budget.books import select
from organisation.models import Unit
from publication.document import document_of
from publication.text_check import check_text, known_of
from publication.text_rules import KnownTables, PlacedText, findings, paragraphs_of
from tests import beginnings

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.fixture
def document(db):
    beginnings.demonstration(with_people=False)
    return document_of(select(Unit.objects.get(code="566"), 2024))


def ids(text, known=None, place="第二部分 一"):
    return [one.id for one in findings([PlacedText(place, text)], known)]


def test_our_own_text_has_no_finding(document):
    assert check_text(document) == []


def test_the_published_text_has_the_findings_that_are_expected_and_no_other(document):
    published = paragraphs_of((GOLDEN / "source.md").read_text("utf-8"))
    found = findings(published, known_of(document.book, document.rendering.facts))
    kinds = {one.id for one in found}
    with (GOLDEN / "expected_findings.csv").open(encoding="utf-8") as file:
        expected = [row for row in csv.DictReader(file) if row["kind"] in kinds]
    assert len(expected) == 11
    assert sorted((one.id, one.severity) for one in found) == sorted((row["kind"], row["severity"]) for row in expected)
    places = {one.id: one.place for one in found}
    assert places["list-equals-rows"] == "第二部分 六" and places["glossary-term"] == "第三部分 八"
    assert {one.place for one in found if one.id == "zero-base"} == {"第二部分 四", "第二部分 九（二）"}
    assert any("漏列：离休费" in one.message for one in found)
    for number in ("焦财预〔2023〕423号", "焦财预〔2023〕290号", "焦财预〔2022〕311号"):
        assert any(number in one.message for one in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("比上年增加0万元，增长0%。", ["zero-base"]),
        ("比上年增加0.00万元。", ["zero-base"]),
        ("比上年增加0.50万元，增长5.41%。", []),
        ("比上年增加10万元，增长10%。", []),
        ("比上年增加0.50万元，下降5.41%。", ["direction-word"]),
        ("比上年减少0.50万元，较上年增长5.41%。", ["direction-word"]),
        ("比上年减少-0.50万元。", ["direction-word"]),
        ("基本支出200.52万元，占50.96；项目支出193万元，占49.04%。", ["percent-sign"]),
        ("占用土地5亩，占50.96%。", []),
        ("支出XX万元。", ["placeholder"]),
        ("主要原因：待填写。", ["placeholder"]),
        ("按照豫财预〔2024〕15号文件。", []),
        ("按照豫财预[2024]15号文件。", ["document-number"]),
        ("按照豫财预〔2024〕第15号文件。", ["document-number"]),
        ("（2024）年终决算1号楼", []),
    ],
)
def test_a_sentence_is_found_or_not(text, expected):
    assert ids(text) == expected


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        ("涉及项目8个。", KnownTables(projects=7), ["project-count"]),
        ("涉及项目7个。", KnownTables(projects=7), []),
        ("人员经费1万元，主要包括：奖金、津贴；", KnownTables(lists={"人员经费": ("奖金",)}), ["list-equals-rows"]),
        ("人员经费1万元，主要包括：奖金；", KnownTables(lists={"人员经费": ("奖金", "离休费")}), ["list-equals-rows"]),
        ("我部门没有使用政府性基金预算拨款安排的支出。", KnownTables(empty_funds={"政府性基金": True}), []),
        (
            "我部门没有使用政府性基金预算拨款安排的支出。",
            KnownTables(empty_funds={"政府性基金": False}),
            ["statement-of-empty"],
        ),
        ("政府性基金预算支出0万元。", KnownTables(empty_funds={"政府性基金": True}), ["statement-of-empty"]),
        ("绩效目标包括成本指标。", KnownTables(indicator_kinds=frozenset({"产出指标"})), ["claimed-but-empty"]),
        ("绩效目标包括产出指标。", KnownTables(indicator_kinds=frozenset({"产出指标"})), []),
    ],
)
def test_what_the_tables_say_is_held_against_the_text(text, known, expected):
    assert ids(text, known) == expected
    assert ids(text) == []


def test_a_term_of_the_glossary_is_a_class_that_is_used():
    known = KnownTables(class_names=frozenset({"科学技术支出", "教育支出"}), used_classes=frozenset({"科学技术支出"}))
    for text, expected in (
        ("一、科学技术支出（类）：反映科学技术方面的支出。", []),
        ("一、科技技术支出：反映科学技术方面的支出。", ["glossary-term"]),
        ("一、教育支出：反映教育事务支出。", ["glossary-term"]),
        ("一、基本支出：是指日常支出。", []),
    ):
        assert ids(text, known, "第三部分 一") == expected


def test_a_paragraph_cut_by_a_page_is_put_together():
    found = paragraphs_of(
        "第二部分\n一、收入支出预算总体情况说明\n某局2024年收入总计393.52万元，支出总计393.52万元，增长\n\n62.12%。"
    )
    assert [one.text for one in found][2:] == ["某局2024年收入总计393.52万元，支出总计393.52万元，增长62.12%。"]
    assert found[2].place == "第二部分 一"
