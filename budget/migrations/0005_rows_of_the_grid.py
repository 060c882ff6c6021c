import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("budget", "0004_procurement_goes_with_its_item"),
    ]

    operations = [
        migrations.AddField(
            model_name="draftrow",
            name="after",
            field=models.UUIDField(blank=True, null=True, verbose_name="前一行"),
        ),
        migrations.AddField(
            model_name="draftrow",
            name="amount_unit",
            field=models.CharField(
                choices=[("元", "元"), ("万元", "万元")], default="万元", max_length=2, verbose_name="金额单位"
            ),
        ),
        migrations.AddField(
            model_name="draftrow",
            name="item",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="draftrows",
                to="budget.item",
                verbose_name="项目",
            ),
        ),
        migrations.AddField(
            model_name="draftrow",
            name="origin",
            field=models.CharField(
                blank=True,
                choices=[("", "录入"), ("copied", "从上年带入"), ("presumed", "推定")],
                default="",
                max_length=10,
                verbose_name="来历",
            ),
        ),
        migrations.AddField(
            model_name="line",
            name="origin",
            field=models.CharField(
                blank=True,
                choices=[("", "录入"), ("copied", "从上年带入"), ("presumed", "推定")],
                default="",
                max_length=10,
                verbose_name="来历",
            ),
        ),
        migrations.AlterField(
            model_name="draftrow",
            name="cells",
            field=models.JSONField(blank=True, default=dict, verbose_name="单元格"),
        ),
    ]
