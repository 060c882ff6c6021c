"""Keys of authenticators are sealed in the database (organisation/sealing.py)."""

from django.db import migrations, models

from organisation.sealing import opened, seal


def _each(apps, change):
    model = apps.get_model("organisation", "SecondFactor")
    for pk, secret in model.objects.values_list("pk", "secret"):
        model.objects.filter(pk=pk).update(secret=change(secret))


class Migration(migrations.Migration):
    dependencies = [
        ("organisation", "0005_second_factor"),
    ]

    operations = [
        migrations.AlterField(
            model_name="secondfactor",
            name="secret",
            field=models.CharField(help_text="以服务器密钥加密保存。", max_length=300, verbose_name="密钥"),
        ),
        migrations.RunPython(
            lambda apps, editor: _each(apps, seal),
            lambda apps, editor: _each(apps, opened),
            elidable=True,
        ),
    ]
