-- Counts a try of an open message and gives what is known of it.
-- KEYS 1 record of the message  2 messages of the sender (by time)
-- ARGV 1 key of the message  2 its digest  3 name of the try  4 seconds to remember it  5 time in seconds
-- Result the record's fields and values in turn, with a field try:NAME for each try that counts; -2 where another body is known
local known = redis.call('HMGET', KEYS[1], 'digest', 'state', 'try:' .. ARGV[3])
if known[1] and known[1] ~= ARGV[2] then return -2 end
if (known[2] or 'open') == 'open' and not known[3] then
  redis.call('HSET', KEYS[1], 'digest', ARGV[2], 'state', 'open', 'try:' .. ARGV[3], 1)
  redis.call('EXPIRE', KEYS[1], ARGV[4])
  redis.call('ZADD', KEYS[2], ARGV[5], ARGV[1])
  redis.call('EXPIRE', KEYS[2], ARGV[4])
end
return redis.call('HGETALL', KEYS[1])
