from django.db import migrations, models


class Migration(migrations.Migration):
    """The lists of requests read their pages off indexes."""

    dependencies = [("disclosure_requests", "0003_letters_settings_and_terms")]

    operations = [
        migrations.RemoveIndex(
            model_name="disclosurerequest",
            name="open_request_by_agency",
        ),
        migrations.AddIndex(
            model_name="disclosurerequest",
            index=models.Index(
                condition=models.Q(("closed_on__isnull", True), ("reopened_on__isnull", False), _connector="OR"),
                fields=["agency", "registered_at", "answer_again_by", "obligation", "created_at", "id", "closed_on", "reopened_on"],
                name="open_request_sorted",
            ),
        ),
        migrations.AddIndex(
            model_name="disclosurerequest",
            index=models.Index(
                condition=models.Q(("closed_on__isnull", False), ("reopened_on__isnull", True)),
                fields=["agency", "closed_on", "id"],
                name="closed_request_by_agency",
            ),
        ),
        migrations.AddIndex(
            model_name="disclosurerequest",
            index=models.Index(
                condition=models.Q(("closed_on__isnull", False), ("reopened_on__isnull", True)),
                fields=["closed_on", "id"],
                name="closed_request_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="disclosurerequest",
            index=models.Index(fields=["created_at", "id"], name="request_newest_of_all"),
        ),
        migrations.RemoveIndex(model_name="disclosurerequest", name="request_newest"),
        migrations.AddIndex(
            model_name="disclosurerequest",
            index=models.Index(fields=["agency", "-created_at", "-id"], name="request_newest"),
        ),
    ]
