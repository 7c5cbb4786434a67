"""The zone of an installation, and the check of a zone's folder before it is one."""
