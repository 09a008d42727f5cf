"""Data files of the assistant: sentences that show what messages mean."""
