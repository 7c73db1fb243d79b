-- Senders whose last accepted message is older than an age, by Redis's own clock.
-- KEYS 1 senders with messages (by time)
-- ARGV 1 age in seconds  2 most senders
-- Result sender, time, sender, time …
local now = tonumber(redis.call('TIME')[1])
return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now - tonumber(ARGV[1]), 'WITHSCORES', 'LIMIT', 0, ARGV[2])
