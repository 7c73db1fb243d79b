-- Asks for the ticket of a sender. Sent twice it does no more than once.
-- KEYS 1 ticket (the holder's id, expires with its lease)  2 holder (the same without expiry)  3 queue (waiting ids)
-- ARGV 1 id (process/number)  2 lease in ms  3 claim in ms  4 most that may wait  5 channel that wakes a process, without its name
-- Result {1, 0} it is yours; {0, ms until the lease ends} you wait; {-1, waiting} too many wait
-- include promote.lua
local id = ARGV[1]
local waiting = redis.call('LLEN', KEYS[3])
if waiting == 0 and redis.call('SET', KEYS[1], id, 'PX', ARGV[2], 'NX') then
  redis.call('SET', KEYS[2], id, 'PX', 86400000)
  return {1, 0}
end
local held = redis.call('GET', KEYS[1])
if held == id then return {1, 0} end
if not redis.call('LPOS', KEYS[3], id) then
  if waiting >= tonumber(ARGV[4]) then return {-1, waiting} end
  redis.call('RPUSH', KEYS[3], id)
  redis.call('PEXPIRE', KEYS[3], 86400000)
end
if not held and promote(KEYS[1], KEYS[2], KEYS[3], ARGV[3], ARGV[5], id) == id then return {1, 0} end
return {0, redis.call('PTTL', KEYS[1])}
