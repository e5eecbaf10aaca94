"""Official Chinese documents into structure. Plain Python, no Django.

    from gongkai.reading.reader import read_plans
    for plan in read_plans(Path("plan.docx").read_bytes(), "plan.docx"): ...

Files become `Extracted` (one string and its tables), `compile_plan` makes a `Plan` of it.
"""
