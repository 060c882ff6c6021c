from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0007_publish_event"),
    ]

    operations = [
        migrations.AlterField(
            model_name="accessrecord",
            name="event",
            field=models.CharField(
                choices=[
                    ("log_in", "登录"),
                    ("log_out", "退出"),
                    ("failed", "登录失败"),
                    ("password", "修改密码"),
                    ("refused", "拒绝访问"),
                    ("export", "导出"),
                    ("print", "打印"),
                    ("publish", "公开"),
                ],
                max_length=10,
                verbose_name="事件",
            ),
        ),
    ]
