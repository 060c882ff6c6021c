from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("budget", "0004_procurement_goes_with_its_item"),
    ]

    operations = [
        migrations.AddField(
            model_name="line",
            name="origin",
            field=models.CharField(
                blank=True,
                choices=[("copied", "从上年带入"), ("presumed", "推定")],
                default="",
                max_length=10,
                verbose_name="待核对",
            ),
        ),
    ]
