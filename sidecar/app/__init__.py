"""The only place that constructs: one builder per way of running, closing in reverse."""
