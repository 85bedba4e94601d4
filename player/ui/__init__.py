"""The window: state to view to draw operations to pixels. The only room that imports pygame."""
