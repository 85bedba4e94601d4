"""What `scripts/bench` measures: each part beside a peer that does the same work, in one run."""
