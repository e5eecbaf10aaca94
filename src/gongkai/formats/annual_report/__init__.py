"""The statutory annual report (条例第四十九、五十条): its two layouts, its outcomes, the model, the checks, and the writers.

`gongkai.reading.annual_report` reads published reports into the same model; reading lies above formats, so it stands there.
"""
