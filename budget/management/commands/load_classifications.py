"""`manage.py load_classifications --year 2024 [--from PATH]`: load a year's classifications and say what changed."""

from django.core.management.base import BaseCommand, CommandError

from budget import classifications


class Command(BaseCommand):
    help = "装载某一年度的政府收支分类科目（功能分类、两套经济分类、资金性质和对应关系），并报告变化。"

    def add_arguments(self, parser):
        parser.add_argument("--year", type=int, required=True, help="预算年度")
        parser.add_argument(
            "--from", dest="source", metavar="PATH", help="文件夹（CSV）、CSV 文件或 .xlsx；默认用随附的科目"
        )

    def handle(self, *args, year, source, **options):
        try:
            report = classifications.load_edition(year, source)
        except classifications.Refused as refused:
            for error in refused.errors:
                self.stderr.write(error)
            raise CommandError(f"科目未装载：{len(refused.errors)}处错误，没有写入任何内容。") from refused
        for notice in report.notices:
            self.stdout.write(f"注意：{notice}")
        self._tell(f"{report.edition.name}与原有相比", report.stored, in_full=not report.is_new)
        if report.previous_year:
            self._tell(f"与{report.previous_year}年版本相比", report.previous, in_full=True)
        self.stdout.write("已装载。" if report else "没有变化。")

    def _tell(self, title, differences, *, in_full):
        self.stdout.write(f"{title}：")
        for name, difference in differences.items():
            counts = (
                ("新增", difference.added),
                ("改名", difference.renamed),
                ("取消", difference.dropped),
            )
            self.stdout.write(f"  {name}：" + "，".join(f"{word}{len(found)}个" for word, found in counts))
            for word, found in counts if in_full else ():
                for one in found:
                    self.stdout.write(f"    {word} {one}")
