"""The verbs: one function is one thing a person can do, inside one `Tx`."""
