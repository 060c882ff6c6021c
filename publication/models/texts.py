"""What administrators change of a text: a sentence of a campaign in other words, version by version."""

from django.core.exceptions import ValidationError
from django.db import models

from budget.models import Campaign
from publication.narrative.problems import text_problems
from publication.narrative.wording import CASE_NAMES, wordings


class TextOverride(models.Model):
    """Other words for one case of a sentence; the newest revision counts, and an empty one restores the set's words."""

    campaign = models.ForeignKey(
        Campaign, verbose_name="预算编制", on_delete=models.CASCADE, related_name="text_overrides"
    )
    sentence = models.CharField("句子", max_length=60)
    case = models.CharField("情形", max_length=20, choices=list(CASE_NAMES.items()))
    text = models.TextField("文字", blank=True, max_length=2000)
    revision = models.PositiveIntegerField("版次", editable=False)

    class Meta:
        verbose_name = "说明文字"
        verbose_name_plural = "说明文字"
        ordering = ("campaign", "sentence", "case", "-revision")
        constraints = [
            models.UniqueConstraint(
                name="textoverride_has_one_revision_of_a_number",
                fields=("campaign", "sentence", "case", "revision"),
                violation_error_message="这句话刚被别人改过，请刷新后重试。",
            ),
        ]

    def __str__(self):
        return f"{self.sentence}（{self.get_case_display()}）第{self.revision}版"

    def save(self, *args, **kwargs):
        if self.revision is None:
            same = TextOverride.objects.filter(campaign=self.campaign, sentence=self.sentence, case=self.case)
            self.revision = (same.aggregate(last=models.Max("revision"))["last"] or 0) + 1
        super().save(*args, **kwargs)

    def clean(self):
        """A text that names what the set does not have is refused."""
        wording = wordings().get(self.campaign.table_set) if self.campaign_id else None
        if wording is None:
            return
        declared = wording.sentences().get(self.sentence)
        if declared is None:
            raise ValidationError({"sentence": "该表套没有这句话。"})
        if self.case not in declared.cases:
            names = "、".join(CASE_NAMES[case] for case in declared.cases)
            raise ValidationError({"case": f"这句话只有这些情形：{names}。"})
        if problems := text_problems(self.text, wording, declared):
            raise ValidationError({"text": [f"{problem}。" for problem in problems]})
