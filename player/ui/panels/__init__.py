"""One function a panel: what it shows, as one sheet. Pure; positions in pixels, sizes in points."""
