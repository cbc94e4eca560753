import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0042_turns_of_the_day'),
    ]

    operations = [
        migrations.CreateModel(
            name='BasisReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('conclusion', models.TextField()),
                ('reviewed_at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='basis_reviews', to='content.legaldocument')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='basis_reviews', to='content.statusevent')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('document', 'event'), name='basis_reviews_once')],
            },
        ),
    ]
