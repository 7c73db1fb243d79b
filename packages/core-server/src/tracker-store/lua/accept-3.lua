-- Keeps a message until its turn has been. Sent twice it is kept once.
-- KEYS 1 record of the message  2 pending  3 messages of the sender (by time)
-- ARGV 1 key of the message  2 its digest  3 the message as JSON  4 most that may wait  5 seconds to remember it  6 time in seconds
-- Result 1 kept; 0 known; -1 too many wait; -2 known with another body
local digest = redis.call('HGET', KEYS[1], 'digest')
if digest then
  if digest == ARGV[2] then return 0 end
  return -2
end
if redis.call('LLEN', KEYS[2]) >= tonumber(ARGV[4]) then return -1 end
redis.call('HSET', KEYS[1], 'state', 'open', 'digest', ARGV[2], 'message', ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[5])
redis.call('RPUSH', KEYS[2], ARGV[1])
redis.call('EXPIRE', KEYS[2], ARGV[5])
redis.call('ZADD', KEYS[3], ARGV[6], ARGV[1])
redis.call('EXPIRE', KEYS[3], ARGV[5])
return 1
