"""Answers, tables, charts and words of expansion sites."""
