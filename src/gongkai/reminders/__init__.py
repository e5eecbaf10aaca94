"""Who is told of what, once: reminders, their delivery, escalation, and calendars to subscribe to."""
