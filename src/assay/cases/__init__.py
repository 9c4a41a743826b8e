"""Cases decided by people: workflow, an append-only log, and the store that keeps both."""
