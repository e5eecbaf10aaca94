"""Every check that was passed becomes the evidence it always was, so that nothing reopens when evidence alone decides (decision 0017)."""

from datetime import UTC, datetime, time

from django.db import migrations
from django.db.models import OuterRef, Subquery

BATCH = 1000


def judgements(apps, schema_editor):
    """One judgement for each fulfilled obligation without evidence: its last 核查通过, or, where a new plan took the result over, none."""
    Evidence = apps.get_model("obligations", "Evidence")
    Obligation = apps.get_model("obligations", "Obligation")
    Step = apps.get_model("obligations", "Step")
    steps = Step.objects.filter(obligation=OuterRef("pk")).order_by("-at", "-pk")
    rows = (
        Obligation.objects.filter(fulfilled_on__isnull=False, evidence__isnull=True)
        .annotate(
            passed=Subquery(steps.filter(kind="passed").values("pk")[:1]),
            passed_by=Subquery(steps.filter(kind="passed").values("actor")[:1]),
            passed_at=Subquery(steps.filter(kind="passed").values("at")[:1]),
            words=Subquery(steps.filter(kind="passed").values("text")[:1]),
            asked_by=Subquery(steps.filter(kind="completion").values("actor")[:1]),
            link=Subquery(steps.filter(kind="completion").values("link")[:1]),
        )
        .order_by("pk")
    )
    made = []
    for row in rows.iterator(BATCH):
        then = row.passed_at or datetime.combine(row.fulfilled_on, time.min, UTC)
        made.append(
            Evidence(
                obligation_id=row.pk,
                kind="judgement",
                step_id=row.passed,
                proves="核查认定任务已经完成" if row.passed else "原方案的同一任务已经办结",
                on=row.fulfilled_on,
                at=row.fulfilled_at,
                quantity=row.quota_value if row.quota_value and row.quota_value > 0 else 1,
                result="passed",
                reason=(row.words or "")[:500],
                checked_by_id=row.passed_by,
                checked_at=then,
                handed_by_id=row.asked_by,
                handed_at=then,
                url=row.link or "",
                key=f"step:{row.passed}" if row.passed else f"settled:{row.pk}",
            )
        )
        if len(made) == BATCH:
            Evidence.objects.bulk_create(made)
            made = []
    Evidence.objects.bulk_create(made)
    shown = Evidence.objects.filter(obligation=OuterRef("pk"), result="passed", withdrawn_at__isnull=True).order_by("-on")
    Obligation.objects.filter(shown_on__isnull=True, evidence__isnull=False).update(shown_on=Subquery(shown.values("on")[:1]))


class Migration(migrations.Migration):
    dependencies = [("obligations", "0002_clocks_and_proof")]

    operations = [migrations.RunPython(judgements, migrations.RunPython.noop)]
