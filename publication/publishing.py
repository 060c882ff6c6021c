"""公开: what was prepared and reviewed is frozen as a version, whole or not at all; and 涉密审查 before it."""

import hashlib
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from budget.books import Selection, select
from budget.models import Budget, Campaign
from budget.telling import holders
from organisation.models import Unit
from organisation.rights import can
from organisation.roles import Role
from records import access, history, keeping, notices
from records.models import AccessRecord, ChangeRecord

from . import files
from .clock import TOLD
from .files import Made
from .models import Publication, PublishedFile, SecrecyReview
from .prepublication import SHORTEST, Preparation, prepare

VIA = ChangeRecord.Via.FORM.value
SHORTEST_EXPLANATION, LONGEST = 10, 2000
Step = Callable[[int, int, str], None]


class Refused(Exception):
    """It is not published (or reviewed). `reasons`: every reason, each a sentence in Chinese."""

    def __init__(self, reasons: str | Sequence[str]):
        self.reasons = [reasons] if isinstance(reasons, str) else list(reasons)
        super().__init__("；".join(self.reasons))


def last_number(selection: Selection) -> int:
    """The number of the newest version, 0 where there is none."""
    newest = Publication.objects.filter(unit=selection.organisation, campaign=selection.campaign).order_by("-number")
    return newest.values_list("number", flat=True).first() or 0


# ---- 涉密审查


def review_secrecy(
    selection: Selection, *, by, seen: str, remark: str = "", address: str | None = None
) -> SecrecyReview:
    """Somebody looked at exactly what would be published (`seen`: its fingerprint) and found nothing secret in it."""
    if not can(by, "review", selection.organisation):
        raise Refused("涉密审查由有审核权限的人办理。")
    prepared = prepare(selection)
    if not seen or prepared.fingerprint != seen:
        raise Refused("内容在您审查之后有变化，请核对现在的内容后再审查。")
    if len(remark.strip()) > 500:
        raise Refused("审查意见不能超过500字。")
    with transaction.atomic():
        row = SecrecyReview.objects.create(
            unit=selection.organisation,
            campaign=selection.campaign,
            fingerprint=seen,
            reviewed_by=by,
            reviewed_by_name=str(by)[:60],
            reviewed=timezone.now(),
            remark=remark.strip(),
        )
        told = {"fingerprint": seen, "remark": row.remark}
        _tell_history(row, selection.organisation, selection.campaign, told, by=by, address=address)
    return row


def review_of(row: Publication) -> SecrecyReview | None:
    """Who looked at exactly what was published, and was another than who published it."""
    found = SecrecyReview.objects.filter(unit=row.unit, campaign=row.campaign, fingerprint=row.content_digest)
    return found.exclude(reviewed_by=row.published_by).filter(reviewed__lte=row.published).order_by("reviewed").last()


# ---- publishing


def objections(
    prepared: Preparation, *, by, seen: str, number: int, explanation: str, overruled: Mapping[str, str]
) -> list[str]:
    """Everything that keeps this from being published by that person, all at once."""
    selection = prepared.selection
    if not can(by, "publish", selection.organisation):
        return ["公开由预算管理员办理。"]
    if last_number(selection) != number - 1:
        return ["刚刚有人公开过，请核对现在的情况。"]
    if prepared.frozen is not None and prepared.fingerprint != seen:
        return ["内容在您核对之后有变化，请重新核对清单。"]
    found = [f"{one.text}：{one.words}。" for one in prepared.final]
    for one in prepared.to_overrule:
        if len(overruled.get(one.key, "").strip()) < SHORTEST:
            found.append(f"{one.text}：仍予公开须写明理由（至少{SHORTEST}个字）。")
    if any(len(words) > LONGEST for words in (explanation, *overruled.values())):
        found.append(f"理由和说明不能超过{LONGEST}字。")
    if number > 1:
        found += _of_correction(prepared, explanation)
    elif explanation.strip():
        found.append("首次公开没有更正说明。")
    return found


def _of_correction(prepared: Preparation, explanation: str) -> list[str]:
    selection, found = prepared.selection, []
    if len(explanation.strip()) < SHORTEST_EXPLANATION:
        found.append(f"更正须写明更正了什么、为什么（至少{SHORTEST_EXPLANATION}个字）。")
    newest = Publication.objects.filter(unit=selection.organisation, campaign=selection.campaign).order_by("-number")
    if newest.values_list("content_digest", flat=True).first() == prepared.fingerprint:
        found.append("内容与已公开的相同，不需要更正。")
    return found


def publish(
    selection: Selection,
    *,
    by,
    seen: str,
    number: int = 1,
    explanation: str = "",
    overruled: Mapping[str, str] | None = None,
    address: str | None = None,
    step: Step = lambda done, total, message: None,
) -> Publication:
    """Freeze what was seen as version `number`: contents, text and files of one state. Refused with every reason.

    `seen`: the fingerprint on the page from which it was decided. `overruled`: entry → the words it is let pass with.
    HasMisfits, NoFonts, readback.Differs where a file cannot be made. Of two at once exactly one is published.
    """
    overruled = overruled or {}
    total = len(files.MAKERS) + 2
    step(0, total, "正在核对清单")
    prepared = prepare(selection, publisher=by)
    if why := objections(prepared, by=by, seen=seen, number=number, explanation=explanation, overruled=overruled):
        raise Refused(why)
    now, made = timezone.localtime(), []
    for file in files.made(prepared.frozen, prepared.document, number=number, created=now):
        made.append(file)
        step(len(made), total, f"已生成 {len(made)}/{len(files.MAKERS)} 个文件")
    uid = uuid.uuid4()
    folder = files.put(uid, made)
    try:
        step(total - 1, total, "正在公开")
        with transaction.atomic():
            row = _kept(prepared, uid, number, folder, made, explanation.strip(), overruled, by)
            told = {"number": number, "digest": row.digest, "explanation": row.explanation}
            told |= {"overruled": "；".join(f"{one['item']}：{one['words']}" for one in row.overruled)}
            _tell_history(row, row.unit, row.campaign, told, by=by, address=address)
            _tell_people(row, by)
            path = f"{row} {row.digest}"
            access.keep(AccessRecord.Event.PUBLISH, user=by, address=address, path=path)
    except BaseException:
        files.take_back(uid)
        raise
    return row


def _kept(
    prepared: Preparation, uid: uuid.UUID, number: int, folder: str, made: Sequence[Made], explanation, overruled, by
) -> Publication:
    """The rows, where everything still is as it was when it was read; within a transaction."""
    selection, frozen = prepared.selection, prepared.frozen
    unit = Unit.objects.select_for_update(of=("self",)).get(pk=selection.organisation.pk)
    if last_number(selection) != number - 1:
        raise Refused("刚刚有人公开过，请核对现在的情况。")
    now = select(unit, selection.campaign.year, selection.stage).budgets
    if _states(now) != _states(selection.budgets) or any(one.state != Budget.State.APPROVED for one in now):
        raise Refused("预算在公开的过程中有变化，没有公开。请重新核对清单。")
    row = Publication.objects.create(
        uid=uid,
        unit=unit,
        campaign=selection.campaign,
        number=number,
        title=frozen.title[:300],
        unit_name=frozen.name[:200],
        published=timezone.now(),
        published_by=by,
        published_by_name=str(by)[:60],
        explanation=explanation,
        overruled=[
            {"item": one.text, "words": overruled[one.key].strip(), "found": one.words} for one in prepared.to_overrule
        ],
        content=frozen.to_json(),
        content_digest=prepared.fingerprint,
        digest=digest_of(prepared.fingerprint, made),
    )
    row.budgets.set(now)
    PublishedFile.objects.bulk_create(
        PublishedFile(
            publication=row,
            form=one.form,
            name=one.name[:200],
            file=f"{folder}/{one.stored}",
            size=len(one.content),
            digest=one.digest,
            pages=one.pages,
        )
        for one in made
    )
    return row


def _states(budgets: Iterable[Budget]) -> list[tuple]:
    return sorted((one.pk, one.version, one.state) for one in budgets)


def digest_of(content_digest: str, parts: Iterable) -> str:
    """What is printed on the receipt: over the content and every file (`form`, `digest`), in the order of forms."""
    lines = [f"content {content_digest}", *sorted(f"{one.form} {one.digest}" for one in parts)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def faults(row: Publication) -> list[str]:
    """What of a version is not as it was published, in words: its content, its files, its digest."""
    found = []
    if hashlib.sha256(row.content.encode()).hexdigest() != row.content_digest:
        found.append(f"{row}的内容与摘要不符")
    kept = list(row.files.all())
    for file in kept:
        try:
            with file.file.open("rb") as content:
                digest = hashlib.file_digest(content, "sha256").hexdigest()
        except FileNotFoundError:
            digest = ""
        if digest != file.digest:
            found.append(f"{row}的文件“{file.name}”与摘要不符")
    if digest_of(row.content_digest, kept) != row.digest:
        found.append(f"{row}的总摘要不符")
    return found


def sweep() -> int:
    """Remove the files of versions that were interrupted more than a day ago. How many folders."""
    kept = {uid.hex for uid in Publication.objects.values_list("uid", flat=True)}
    return files.sweep(kept, timezone.now() - timedelta(days=1))


def _tell_people(row: Publication, by) -> None:
    what = "更正" if row.is_correction else "公开"
    notices.tell(
        holders((*TOLD, Role.REVIEWER), row.unit).exclude(pk=by.pk),
        event=f"published:{row.uid.hex}",
        text=f"{by}{what}了{row.title}" + (f"。更正说明：{row.explanation}" if row.explanation else "。"),
        link=address_of(row),
    )


def address_of(row: Publication) -> str:
    """The permanent address of a version, for everybody."""
    return reverse("public-version", args=(row.unit.code, row.campaign.year, row.number))


def _tell_history(row, unit: Unit, campaign: Campaign, told: dict, *, by, address) -> None:
    chain = f"publication:{unit.code}:{campaign.year}"
    keeping.hold(chain)
    happened = history.Happened("add", row._meta.label_lower, keeping.uid_of(row), str(row), None, told)
    history.append(chain, [happened], by=by, via=VIA, unit=unit, address=address)
