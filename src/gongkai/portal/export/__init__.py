"""The public site as files, and a look at all its links: `gongkai site export`, `gongkai site check`, `gongkai site watch`."""
