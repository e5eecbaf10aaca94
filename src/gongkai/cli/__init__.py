"""The `gongkai` command. Nothing here imports Django unless a command needs the database, so that reading a plan starts at once."""
