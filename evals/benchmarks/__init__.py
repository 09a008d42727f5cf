"""Speed and memory, as ratios against a peer in the same run. Tests assert none of it."""
