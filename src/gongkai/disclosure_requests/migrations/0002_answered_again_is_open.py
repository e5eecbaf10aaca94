from django.db import migrations, models


class Migration(migrations.Migration):
    """责令重新答复 stands among what is open, and the index of what is open has it."""

    dependencies = [("disclosure_requests", "0001_initial")]

    operations = [
        migrations.RemoveIndex(model_name="disclosurerequest", name="open_request_by_agency"),
        migrations.AddIndex(
            model_name="disclosurerequest",
            index=models.Index(
                condition=models.Q(("closed_on__isnull", True), ("reopened_on__isnull", False), _connector="OR"),
                fields=["agency", "received_on"],
                name="open_request_by_agency",
            ),
        ),
    ]
