"""Reading for pages, tables and files; one file for each part of the work."""
