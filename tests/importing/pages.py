"""The pages of import as somebody goes through them, and small files to send."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from budget.models import Budget, Upload

HEAD = ["类别", "项目名称", "项目编码", "功能分类", "部门经济分类", "政府经济分类", "资金性质", "金额"]
ROWS = [
    ["人员类", "工资（行政）", None, "2060101", "30101", "50101", "一般公共预算", 108.34],
    ["公用经费", "办公费（行政）", None, "2060101", "30201", "50201", "一般公共预算", 1.81],
    ["公用经费", "水费（行政）", None, "2060101", "30205", "50201", "一般公共预算", 0.5],
    ["特定目标类", "科技经费", "410802240000000015718", "2060499", None, None, "一般公共预算", 3],
]


class Pages:
    """Somebody's way through the pages; every answer is followed to where it leads."""

    def __init__(self, client: Client, budget: Budget):
        self.client = client
        self.budget = budget
        self.at = f"/{budget.unit.code}/{budget.campaign.year}/{budget.stage}/import/"

    def send(self, content: bytes, name: str = "明细.xlsx"):
        return self.client.post(self.at, {"file": SimpleUploadedFile(name, content)}, follow=True)

    def url(self, upload: Upload, rest: str = "") -> str:
        return f"{self.at}{upload.uid}/{rest}"

    def answer(self, upload: Upload, action: str, **fields):
        return self.client.post(self.url(upload), {"action": action, "seen": upload.seen, **fields}, follow=True)


def lines_csv(rows=ROWS) -> bytes:
    return "\n".join(",".join("" if cell is None else str(cell) for cell in row) for row in [HEAD, *rows]).encode()
