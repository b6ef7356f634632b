"""Reads what other lists say of models and providers: facts that change daily by themselves, the rest as a proposal."""
