"""Words of the seven reports over shop logs.

Days and times are the shop's own, without a zone, as the log has them.
"""
