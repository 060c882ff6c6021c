"""说明文字: sentences of a campaign in other words, tried over a real budget before they count; what was published."""

from django import forms
from django.contrib import admin, messages

from budget.admin.classifications import SettingsAdmin
from budget.books import read_book, select
from budget.models import Budget
from organisation.administration import GuardedAdmin, GuardedForm, GuardedInline

from .document import rendering_of
from .models import Publication, PublishedFile, SecrecyReview, TextOverride
from .narrative.wording import Sentence, wordings

SHOWN = 24  # signs of a sentence in the list of them


def sentences():
    """Every sentence of every set by its id, with the beginning of what it says."""
    found: dict[str, Sentence] = {}
    for wording in wordings().values():
        found = {**wording.sentences(), **found}
    shown = [(key, next(filter(None, one.cases.values()), "")[:SHOWN]) for key, one in found.items()]
    return [(key, f"{at}、{words}…") for at, (key, words) in enumerate(shown, start=1)]


class TextOverrideForm(GuardedForm):
    sentence = forms.ChoiceField(label="句子", choices=sentences)
    is_preview = forms.BooleanField(
        label="先预览，不保存",
        required=False,
        initial=True,
        help_text="用一个单位的预算显示这句话；满意后去掉勾选再保存。",
    )
    text = forms.CharField(
        label="文字",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="金额等写作 {名称} 或 {名称.形式}，名称照原文；方括号中的内容在没有可说的时候省略。留空即恢复原文。",
    )

    previewed: tuple[str, ...] = ()

    def _post_clean(self):
        super()._post_clean()
        if self.cleaned_data.get("is_preview") and not self.errors:
            self.previewed = (
                f"预览（尚未保存）：{preview(self.instance)}",
                f"表套中的原文：{_declared(self.instance)}",
            )

    def is_valid(self):
        """A preview is no mistake, and is not saved either."""
        return super().is_valid() and not self.previewed


def _declared(override: TextOverride) -> str:
    return wordings()[override.campaign.table_set].sentences()[override.sentence].cases[override.case]


def preview(override: TextOverride) -> str:
    """The sentence over the newest budget of the campaign; the text itself where there is none."""
    wording = wordings()[override.campaign.table_set]
    declared = wording.sentences()[override.sentence]
    text = override.text or _declared(override)
    budget = Budget.objects.filter(campaign=override.campaign).select_related("unit").order_by("-pk").first()
    if budget is None:
        return text
    selection = select(budget.unit, override.campaign.year, budget.stage)
    rendering = rendering_of(selection, read_book(selection, tables=wording.tables()))
    return rendering.preview(declared, override.case, text)


@admin.register(TextOverride)
class TextOverrideAdmin(SettingsAdmin):
    """Written once, then replaced by a newer revision."""

    form = TextOverrideForm
    change_action = delete_action = None
    related = ("campaign",)
    list_display = ("said", "case", "revision", "campaign", "text")
    list_filter = ("case",)
    search_fields = ("sentence", "text")
    fields = ("campaign", "sentence", "case", "text")

    def get_fields(self, request, obj=None):
        return self.fields if obj is not None else (*self.fields, "is_preview")

    def render_change_form(self, request, context, *args, **kwargs):
        for words in getattr(context["adminform"].form, "previewed", ()):
            messages.info(request, words)
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description="句子", ordering="sentence")
    def said(self, obj):
        return dict(sentences()).get(obj.sentence, obj.sentence)


class FileInline(GuardedInline):
    model = PublishedFile
    fields = ("form", "name", "size", "digest")


@admin.register(Publication)
class PublicationAdmin(GuardedAdmin):
    """What was published: to be read. Publishing and correcting have a page of their own."""

    related = ("unit", "campaign", "published_by")
    unit_path = "unit"
    inlines = (FileInline,)
    list_display = ("unit", "title", "number", "published", "published_by_name")
    list_filter = ("campaign__year",)
    search_fields = ("unit__code", "unit_name", "title", "digest")
    fields = ("unit", "campaign", "number", "title", "published", "published_by_name", "explanation", "digest")

    def get_queryset(self, request):
        return super().get_queryset(request).light()


@admin.register(PublishedFile)
class PublishedFileAdmin(GuardedAdmin):
    """The files of what was published."""

    related = ("publication__unit", "publication__campaign")
    unit_path = "publication__unit"
    list_display = ("name", "publication", "form", "size", "digest")
    list_filter = ("form",)
    search_fields = ("publication__unit__code", "name", "digest")
    fields = ("publication", "form", "name", "size", "digest")

    def unit_of(self, obj):
        return obj.publication.unit

    def get_queryset(self, request):
        return super().get_queryset(request).defer("publication__content")


@admin.register(SecrecyReview)
class SecrecyReviewAdmin(GuardedAdmin):
    """Who looked at what before it was published."""

    related = ("unit", "campaign")
    unit_path = "unit"
    list_display = ("unit", "campaign", "reviewed_by_name", "reviewed", "remark")
    list_filter = ("campaign__year",)
    search_fields = ("unit__code", "unit__name", "reviewed_by_name")
    fields = ("unit", "campaign", "reviewed_by_name", "reviewed", "remark", "fingerprint")
