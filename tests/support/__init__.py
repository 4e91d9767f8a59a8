"""Helpers that tests share: servers, databases, the running service, plain SQL tests."""
