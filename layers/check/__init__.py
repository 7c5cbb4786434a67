"""The law as data: rules, natures of projects, limits of audits."""
