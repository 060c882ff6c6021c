"""What an organisation has published of a year's budget: version by version, for ever, with its files.

Nothing here is changed or removed once it is written; triggers on both databases see to it.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from budget.models import Budget, Campaign
from organisation.models import Unit
from records.models import OnlyAdded

FORMS = {
    "xlsx": "Excel 工作簿",
    "docx": "Word 文档",
    "pdf": "PDF",
    "csv": "CSV（压缩包）",
    "json": "JSON",
    "datapackage": "数据包描述（Fiscal Data Package）",
}


class PublicationQuerySet(models.QuerySet):
    def current(self):
        """Of each organisation and year the newest version."""
        later = Publication.objects.filter(
            unit=OuterRef("unit"), campaign=OuterRef("campaign"), number__gt=OuterRef("number")
        )
        return self.filter(~Exists(later))

    def of(self, code: str, year: int):
        """The versions of one organisation's year."""
        return self.filter(unit__code=code, campaign__year=year)

    def light(self):
        """Without what is only read to show a version itself."""
        return self.defer("content")


class Publication(OnlyAdded):
    """A version of what an organisation publishes of a year's budget, frozen: text, tables, files and their digests.

    `overruled`: a list of {"item", "words"}, what of the list before publication was let pass, and why.
    `content`: Frozen.to_json(). `digest`: over the content and every file; it is printed on the receipt.
    """

    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="publications")
    campaign = models.ForeignKey(
        Campaign, verbose_name="预算编制", on_delete=models.PROTECT, related_name="publications"
    )
    number = models.PositiveSmallIntegerField("第几版")
    title = models.CharField("标题", max_length=300)
    unit_name = models.CharField("单位名称", max_length=200, help_text="公开时的名称。")
    published = models.DateTimeField("公开时间")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="公开人", on_delete=models.PROTECT, related_name="+"
    )
    published_by_name = models.CharField("公开人姓名", max_length=60)
    explanation = models.CharField("更正说明", max_length=2000, blank=True)
    overruled = models.JSONField("仍予公开的事项", default=list, blank=True)
    content = models.TextField("内容")
    content_digest = models.CharField("内容摘要", max_length=64)
    digest = models.CharField("总摘要", max_length=64)
    budgets = models.ManyToManyField(Budget, verbose_name="所依据的预算", related_name="publications")

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = "公开"
        verbose_name_plural = "公开"
        ordering = ("unit__path", "-campaign__year", "-number")
        constraints = [
            models.UniqueConstraint(
                name="publication_has_one_version_of_a_number",
                fields=("unit", "campaign", "number"),
                violation_error_message="这一版刚刚已经公开。",
            ),
            models.CheckConstraint(
                name="publication_counts_from_one",
                condition=Q(number__gte=1),
                violation_error_message="版次从1开始。",
            ),
            models.CheckConstraint(
                name="publication_is_explained_iff_it_corrects",
                condition=Q(number=1, explanation="") | (Q(number__gt=1) & ~Q(explanation="")),
                violation_error_message="更正须有说明，首次公开没有更正说明。",
            ),
        ]

    def __str__(self):
        return f"{self.title}（第{self.number}版）"

    @property
    def is_correction(self) -> bool:
        return self.number > 1


class PublishedFile(OnlyAdded):
    """A file of a version, as it was published."""

    publication = models.ForeignKey(Publication, verbose_name="公开", on_delete=models.PROTECT, related_name="files")
    form = models.CharField("格式", max_length=20, choices=list(FORMS.items()))
    name = models.CharField("文件名", max_length=200)
    file = models.FileField("文件", upload_to="published/", max_length=200)
    size = models.PositiveBigIntegerField("大小（字节）")
    pages = models.PositiveIntegerField("页数", null=True, blank=True)
    digest = models.CharField("摘要", max_length=64)

    class Meta:
        verbose_name = "已公开文件"
        verbose_name_plural = "已公开文件"
        ordering = ("publication", "pk")
        constraints = [
            models.UniqueConstraint(
                name="publishedfile_is_one_of_a_form",
                fields=("publication", "form"),
                violation_error_message="该版已有此格式的文件。",
            ),
        ]
        indexes = [models.Index(fields=("digest",), name="publishedfile_digest")]

    def __str__(self):
        return self.name


class SecrecyReview(OnlyAdded):
    """涉密审查: somebody looked at what would be published and found nothing secret in it.

    It counts while what would be published has that fingerprint, and for another person's publishing only.
    """

    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="+")
    campaign = models.ForeignKey(Campaign, verbose_name="预算编制", on_delete=models.PROTECT, related_name="+")
    fingerprint = models.CharField("内容摘要", max_length=64)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="审查人", on_delete=models.PROTECT, related_name="+"
    )
    reviewed_by_name = models.CharField("审查人姓名", max_length=60)
    reviewed = models.DateTimeField("审查时间")
    remark = models.CharField("审查意见", max_length=500, blank=True)

    class Meta:
        verbose_name = "涉密审查"
        verbose_name_plural = "涉密审查"
        ordering = ("-reviewed", "-pk")
        indexes = [models.Index(fields=("unit", "campaign"), name="secrecyreview_of")]

    def __str__(self):
        return f"{self.unit}{self.campaign.year}年涉密审查"
