"""The timeline: pure data. What a person wrote, what it means, and what is wrong with it."""
