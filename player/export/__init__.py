"""What leaves the player as a file."""
