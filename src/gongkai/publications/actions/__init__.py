"""Everything that changes a document, one function for each verb of the work."""
