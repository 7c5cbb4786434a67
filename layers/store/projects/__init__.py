"""What planners work on: each project with all its versions, and as one file to send."""
