"""Once a day: tell whoever must publish that the twenty days run out, and clear away what interrupted ones left."""

from django.core.management.base import BaseCommand

from budget.models import Campaign
from publication import clock, publishing


class Command(BaseCommand):
    help = "提醒批复后20日内公开（每人每个时点一次），并清理中断的公开留下的文件。每天运行一次。"

    def handle(self, **options):
        told = late = 0
        for campaign in Campaign.objects.filter(closed=None):
            duties = clock.all_duties(campaign)
            told += clock.remind(duties)
            late += sum(one.clock.is_late and not one.clock.is_published for one in duties)
        gone = publishing.sweep()
        self.stdout.write(f"发出提醒 {told} 条；已逾期未公开 {late} 个；清理 {gone} 处。")
