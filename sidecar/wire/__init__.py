"""gRPC in, gRPC out; besides integrations the only room that knows it."""
