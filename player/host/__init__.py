"""Where the engine lives: its own process with a device, or this one with a clock that only commands move."""
