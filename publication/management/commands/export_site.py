from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from publication.public.static_site import write


class Command(BaseCommand):
    help = "把公开网站导出为静态文件，可以放到任何网站服务器上；重复导出得到相同的文件。"

    def add_arguments(self, parser):
        parser.add_argument("--out", type=Path, required=True, help="文件夹；整体替换，写成才换")
        parser.add_argument(
            "--base", default="", help="网站的完整地址，如 https://example.gov.cn/ysgk/（用于站点地图）"
        )

    def handle(self, *args, out, base, **options):
        if base and not base.startswith(("https://", "http://")):
            raise CommandError("网站地址应以 https:// 或 http:// 开头。")
        try:
            count = write(out, base)
        except OSError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"已导出 {count} 个文件到 {out}。")
