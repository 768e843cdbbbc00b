"""What Redis does with sessions in one step each, so that nothing comes in between.

A session is a hash. Two kinds of sorted sets list sessions: everybody's by the time
they expire, and those of one user and kind by the time they were last used.
"""

from typing import Final

# KEYS: session, its user's sessions of its kind, everybody's.
# ARGV: expiry, created, end, id, most of a kind, prefix of sessions, fields ...
# The user's list goes with its longest session. Of too many sessions those go first
# that have expired, then the one unused longest.
ADD: Final = """
redis.call('HSET', KEYS[1], unpack(ARGV, 7))
redis.call('PEXPIREAT', KEYS[1], ARGV[1])
redis.call('ZADD', KEYS[2], ARGV[2], ARGV[4])
redis.call('PEXPIREAT', KEYS[2], ARGV[3], 'NX')
redis.call('PEXPIREAT', KEYS[2], ARGV[3], 'GT')
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', ARGV[2])
redis.call('ZADD', KEYS[3], ARGV[1], ARGV[4])
if redis.call('ZCARD', KEYS[2]) <= tonumber(ARGV[5]) then return 0 end
for _, id in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
    if redis.call('EXISTS', ARGV[6] .. id) == 0 then
        redis.call('ZREM', KEYS[2], id)
    end
end
local ended = 0
while redis.call('ZCARD', KEYS[2]) > tonumber(ARGV[5]) do
    local id = redis.call('ZPOPMIN', KEYS[2])[1]
    redis.call('DEL', ARGV[6] .. id)
    redis.call('ZREM', KEYS[3], id)
    ended = ended + 1
end
return ended
"""

# KEYS: session, its user's sessions of its kind, everybody's. ARGV: seen, expiry, id.
TOUCH: Final = """
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], 'last_seen_at', ARGV[1])
redis.call('PEXPIREAT', KEYS[1], ARGV[2])
redis.call('ZADD', KEYS[2], 'XX', ARGV[1], ARGV[3])
redis.call('ZADD', KEYS[3], 'XX', ARGV[2], ARGV[3])
return 1
"""

# KEYS: session. ARGV: stamp.
RESTAMP: Final = """
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], 'stamp', ARGV[1])
return 1
"""

# KEYS: a user's sessions of one kind, everybody's.
# ARGV: most in one step, prefix of sessions, the id that stays or nothing.
# Returns how many sessions were deleted: zero when there are no more.
END_SOME: Final = """
local ended = 0
for _, id in ipairs(redis.call('ZRANGE', KEYS[1], 0, ARGV[1])) do
    if id ~= ARGV[3] then
        redis.call('DEL', ARGV[2] .. id)
        redis.call('ZREM', KEYS[1], id)
        redis.call('ZREM', KEYS[2], id)
        ended = ended + 1
    end
end
return ended
"""
