"""Pages of an old site brought over: a manifest, its html files and attachments, by the thousand, as often as it takes."""
