-- Takes a sender off the list of those who may have messages waiting, unless another was accepted since it was read.
-- KEYS 1 senders with messages (by time)
-- ARGV 1 sender  2 the time that was read
-- Result 1 taken off; 0 it stays
local time = redis.call('ZSCORE', KEYS[1], ARGV[1])
if time and tonumber(time) <= tonumber(ARGV[2]) then return redis.call('ZREM', KEYS[1], ARGV[1]) end
return 0
