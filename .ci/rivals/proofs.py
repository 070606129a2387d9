"""The rows that are proofs."""
ROWS = {}
