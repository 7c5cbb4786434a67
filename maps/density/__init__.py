"""Answers, tables and words of land economic density."""
