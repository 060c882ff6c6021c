import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="changerecord",
            name="via",
            field=models.CharField(
                choices=[
                    ("form", "页面录入"),
                    ("grid", "表格录入"),
                    ("paste", "粘贴"),
                    ("undo", "撤销"),
                    ("import", "文件导入"),
                    ("copy", "复制"),
                    ("admin", "管理后台"),
                    ("command", "命令"),
                    ("cycle", "流转"),
                    ("demo", "演示数据"),
                ],
                max_length=10,
                verbose_name="方式",
            ),
        ),
        migrations.CreateModel(
            name="SavedOperation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(unique=True, verbose_name="操作标识")),
                ("budget_uid", models.UUIDField(verbose_name="预算标识")),
                ("digest", models.CharField(max_length=64, verbose_name="请求摘要")),
                ("answer", models.JSONField(verbose_name="答复")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="操作人",
                    ),
                ),
            ],
            options={
                "verbose_name": "已答复的保存",
                "verbose_name_plural": "已答复的保存",
                "ordering": ("-at",),
                "indexes": [models.Index(fields=["budget_uid", "at"], name="savedoperation_budget")],
            },
        ),
    ]
