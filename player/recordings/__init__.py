"""The commands for a person's own recordings: what is done at the keyboard of a terminal."""
