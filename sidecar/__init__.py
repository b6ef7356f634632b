"""The inspection sidecar: judges, carries out and records what a prompt may reach.

A request meets the rooms in this order: ``wire`` decodes it, ``identity`` names the tenant, ``catalog`` turns the
target into a card, ``payload`` finds the text, ``detection`` finds the data, ``policy`` decides, ``actions`` carry
it out, ``audit`` makes it durable, ``wire`` answers. ``pipeline`` is that story in one method.
"""
