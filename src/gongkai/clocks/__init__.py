"""Working days, time limits and clocks. Plain Python; nothing is read but the packaged tables and the data folder's imported years.

    calendar    the working calendar, its versions and local days off; `current()`, `add_working_days`, `working_days_between`
    tables      notices as rows, and what an import file must say; layers: imported years in the data folder
    statute     statutory days of a year; astronomy makes the table of lunar festivals
    counting    prefix sums over the days; fast: many at once, with numpy
    limits      time limits of the law with article and dates; receipt: the day of receipt by channel
    events      start, restart, suspend, resume, extend, stop
    clock       events and a limit into a due day, state, remaining, days and a sentence
    remaining   how much is left until a day or a moment, or how late it is, in words and days
    periods     recurring duties: daily to yearly, and real-time with a freshness

Bad data and bad events raise `errors.ClockError`, one Chinese sentence each. Nothing changes then.
"""
