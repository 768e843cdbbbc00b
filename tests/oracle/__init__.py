"""The seven reports told in plain Python from the text of a log.

Written from the contract alone, sharing nothing with ``src``, and slow on purpose:
every answer can be followed by eye. What the service says must equal this.
"""
