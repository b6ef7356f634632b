"""Generated from ``protos/sidecar/v1`` by ``make proto``; never edited."""
