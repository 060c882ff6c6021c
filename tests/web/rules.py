"""Which action every address needs: what the matrix of rights holds the product to."""

from dataclasses import dataclass
from uuid import uuid4

# instead of an action: without a log-in; with any log-in; to everybody where it is published, else nobody; to nobody
OPEN, ANYONE, PUBLISHED, ABSENT = "open", "anyone", "published", "absent"


@dataclass(frozen=True)
class Rule:
    """What GET and POST of an address need: an action in the unit it names, or OPEN or ANYONE; None: 405.

    `queries`: what else a GET is tried with; unless `is_bare`, it has no answer without one of them.
    """

    get: str | None = "view"
    post: str | None = None
    queries: tuple[str, ...] = ()
    is_bare: bool = True
    is_json: bool = False  # spoken to by a script: without a log-in it says 401, never a redirect to a page

    def need(self, method: str) -> str | None:
        return {"GET": self.get, "POST": self.post}.get(method)


FILES = ("format=xlsx", "format=csv", "format=json")  # the first is tried everywhere
LIST = (*FILES, "q=暗号", "sort=name&page=2")
RULES: dict[str, Rule] = {
    "health": Rule(OPEN),
    "robots": Rule(OPEN),
    "public": Rule(OPEN, queries=("q=999",)),
    "public-sitemap": Rule(OPEN),
    "public-asset": Rule(PUBLISHED),
    "public-missing": Rule(ABSENT),
    "public-organisation": Rule(PUBLISHED),
    "public-edition": Rule(PUBLISHED),
    "public-version": Rule(PUBLISHED),
    "public-page": Rule(PUBLISHED),
    "public-version-page": Rule(PUBLISHED),
    "login": Rule(OPEN, OPEN),
    "logout": Rule(None, ANYONE),
    "amount-unit": Rule(None, ANYONE),
    "change-password": Rule(ANYONE, ANYONE),
    "stay": Rule(ANYONE),
    "security": Rule(ANYONE, ANYONE),
    "second-factor": Rule(ANYONE, ANYONE),
    "columns": Rule(None, ANYONE),
    "check-document": Rule(ANYONE, ANYONE),
    "notices": Rule(ANYONE),
    "delegations": Rule(ANYONE, ANYONE),
    "waiting": Rule(ANYONE, queries=("format=count",)),
    "notices-read": Rule(None, ANYONE),
    "printed": Rule(None, ANYONE),
    "search": Rule(ANYONE, queries=("q=暗号", "q=999", "q=566", "q=777", "q=2060499", "q=科")),
    "home": Rule(ANYONE, queries=LIST),
    "jobs": Rule(ANYONE),
    "job": Rule("view", "edit", ("format=json",)),
    "job-result": Rule(),
    "organisation": Rule(),
    "budget": Rule(),
    "tables": Rule(queries=FILES),
    "table": Rule(
        queries=(
            *FILES,
            "compare=last-year",
            "compare=last-year&format=csv",
            "row=total&column=total",
            "row=total&column=total&fragment=1",
        )
    ),
    "checks": Rule(
        "view", "edit", ("format=xlsx", "format=csv", "format=json", "show=all", "table=expenditure&fragment=1")
    ),
    "document": Rule(),
    "document-file": Rule("export_book"),
    "publish": Rule(),
    "publish-preview": Rule(),
    "publish-preview-page": Rule(),
    "publish-review": Rule(None, "review"),
    "publish-now": Rule(None, "publish"),
    "publication-receipt": Rule(),
    "publication-compare": Rule(queries=("before=1&after=1",)),
    "publications": Rule("remind", queries=("format=xlsx", "q=暗号", "show=late", "year=2023")),
    "verify": Rule(OPEN, OPEN, queries=(f"digest={'0' * 64}",)),
    "lines": Rule(queries=(*LIST, "table=expenditure&row=total&column=total")),
    "lines-csv": Rule(),
    "template": Rule(queries=("unit=元",)),
    "copy": Rule("edit", "edit"),
    "items": Rule(queries=LIST),
    "projects": Rule(queries=LIST),
    "project": Rule(),
    "indicators": Rule(queries=LIST),
    "indicator-value": Rule(ANYONE, queries=("name=x&target=9",)),
    "start": Rule(None, "edit"),
    "cycle": Rule(),
    "cycle-submit": Rule(None, "submit"),
    "cycle-withdraw": Rule(None, "submit"),
    "cycle-pass": Rule(None, "review"),
    "cycle-return": Rule(None, "review"),
    "cycle-reopen": Rule(None, "configure"),
    "cycle-adjust": Rule(None, "edit"),
    "cycle-approve": Rule(None, "approve"),
    "cycle-open": Rule(None, "open_stage"),
    "approval": Rule(),
    "compare": Rule(queries=("with=2023/second/1", "with=2023/second/1&format=xlsx")),
    "history": Rule(queries=(*FILES, "q=暗号", f"row={uuid4()}")),
    "comments": Rule("view", "comment", ("all=1",)),
    "comment": Rule(None, "comment"),
    "controls": Rule("view", "issue_controls", FILES[:1]),
    "controls-split": Rule(None, "distribute_controls"),
    "controls-upload": Rule(None, "issue_controls"),
    "progress": Rule("remind", queries=("format=xlsx", "q=暗号", "show=late", "year=2023")),
    "progress-remind": Rule(None, "remind"),
    "progress-open": Rule(None, "open_stage"),
    "progress-close": Rule(None, "configure"),
    "codes": Rule(ANYONE, queries=("year=2024&q=206", "year=2024&q=暗号"), is_bare=False),
    "code-index": Rule(ANYONE, queries=("year=2024",), is_bare=False),
    "basic": Rule(),
    "basic-form": Rule("view", "edit", ("q=暗号",)),
    "project-lines": Rule(),
    "grid": Rule(queries=("unit=元",), is_json=True),
    "grid-save": Rule(None, "edit", is_json=True),
    "grid-paste": Rule(None, "edit", is_json=True),
    "grid-history": Rule(queries=("row=00000000000000000000000000000000&column=amount",), is_bare=False, is_json=True),
    "income": Rule("view", "edit"),
    "facts": Rule("view", "edit"),
    "import": Rule("view", "edit"),
    "upload": Rule("view", "edit"),
    "upload-marked": Rule(),
    "performance": Rule("view", "edit"),
    "performance-paste": Rule("edit", "edit"),
    "project-paste": Rule("edit", "edit"),
    "project-new": Rule("view", "edit"),
    "project-edit": Rule("view", "edit"),
    "project-attachments": Rule("view", "edit"),
    "project-attachment": Rule(),
    "project-attachment-remove": Rule("edit", "edit"),
    "project-delete": Rule("edit", "edit"),
}
