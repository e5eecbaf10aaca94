"""Everything that changes state here, one function per verb; one file for each part of the work."""
