"""client_sdk."""
