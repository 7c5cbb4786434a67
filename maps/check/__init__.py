"""Answers, tables, words and reports of checks."""
