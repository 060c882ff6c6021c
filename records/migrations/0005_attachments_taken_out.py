from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0004_access_and_anchors"),
    ]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="gone_from",
            field=models.JSONField(blank=True, default=list, verbose_name="已移除的预算"),
        ),
    ]
