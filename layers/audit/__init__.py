"""The audit trail: who did what, when, from where, on which object, with which result."""
