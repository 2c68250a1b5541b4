"""What everybody waits for, measured against the limit of the machine in the same run: see README.md."""
